import * as yup from 'yup';
import { isPlainObject, text } from './parse';

/** Connection to Redis, as options of ioredis. */
export interface RedisSettings {
  host?: string;
  port?: number;
  /** Of a Unix socket. */
  path?: string;
  username?: string;
  password?: string;
  db?: number;
  family?: number;
  /** Options of `tls.connect`. */
  tls?: Record<string, unknown>;
  sentinels?: { host: string; port?: number }[];
  /** Name of the group that the sentinels watch. */
  name?: string;
  sentinelUsername?: string;
  sentinelPassword?: string;
}

const MAX = 1_000;
const port = () => yup.number().strict().integer().min(1).max(65_535);

export const redisSchema = yup.object({
  host: text(MAX),
  port: port(),
  path: text(MAX),
  username: text(MAX),
  password: text(MAX),
  db: yup.number().strict().integer().min(0).max(10_000),
  family: yup
    .number()
    .strict()
    .oneOf([0, 4, 6] as const),
  tls: yup
    .mixed<Record<string, unknown>>()
    .test('options', 'must be an object', (value) => value === undefined || isPlainObject(value))
    .meta({ allowed: 'an object: options of tls.connect' }),
  sentinels: yup
    .array()
    .strict()
    .of(yup.object({ host: text(MAX).required(), port: port() }))
    .meta({ allowed: 'a list, each entry an object with the keys host, port' }),
  name: text(MAX),
  sentinelUsername: text(MAX),
  sentinelPassword: text(MAX),
});

const URL_OF_REDIS = /^rediss?:\/\/\S+$/;

export const isRedisUrl = (value: unknown): value is string =>
  typeof value === 'string' && URL_OF_REDIS.test(value) && URL.canParse(value);

/** First part of the keys in Redis. */
export const REDIS_PREFIX = /^[\w.:-]{1,100}$/;

/** Returns the secrets of a connection, to be removed from the log. */
export const redisSecrets = (redis: string | RedisSettings | null): string[] => {
  if (redis === null) return [];
  const secrets =
    typeof redis === 'string' ? urlSecrets(redis) : [redis.password, redis.sentinelPassword].map((one) => one ?? '');
  return secrets.filter((secret) => secret !== '');
};

const urlSecrets = (url: string): string[] => {
  const { password, searchParams } = new URL(url);
  return [decoded(password), password, searchParams.get('password') ?? ''];
};

const decoded = (part: string): string => {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
};
