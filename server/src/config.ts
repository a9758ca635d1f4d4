import * as yup from 'yup';
import { smtpSchema, type SmtpInput } from './contracts/mailbox';
import { parse } from './contracts/parse';
import { addressKey, isDomain, parseAddrSpec, toAsciiDomain } from './domain/address';
import { DEFAULT_TENANT_KEY } from './domain/tenant';
import { RESERVED_ACTORS } from './domain/actor';
import { nameProblem, normalise } from './domain/text';
import { createNetworkRule, DEFAULT_PORTS, trustedRoots } from './delivery/network';
import { createKeyRing } from './secrets/key-ring';

/** The plugin's configuration with every default filled in (contract "Package"). */
export interface Settings {
  mailboxLimit: number;
  contact: { text?: string; url?: string };
  system: { from: { name: string | null; email: string } | null; transport: 'strapi-email' | SmtpInput };
  ownAddress: { requireConfirmation: boolean };
  guard: { mode: 'off' | 'report' | 'enforce'; actor: string | null };
  /** Addresses in compared form (rules §7). */
  systemActors: Record<string, { mailboxes: 'all' | string[]; tenant: string }>;
  contentApi: { tokens: Record<string, string>; roles: Record<string, string> };
  secrets: { keys: string[]; formerStrapiKeys: string[] };
  network: { allow: string[]; ports: number[]; ca: string[]; ehloName: string | null };
  delivery: {
    engine: 'embedded' | 'bullmq';
    redis: object | null;
    role: 'all' | 'accept' | 'deliver';
    undoSeconds: number;
    maxAgeHours: number;
    leaseSeconds: number;
    concurrency: number;
    shutdownGraceMs: number;
  };
  limits: {
    recipients: number;
    messageBytes: number;
    batchRecipients: number;
    perUserPerHour: number;
    /** Null: without a limit. */
    bytesPerUserPerHour: number | null;
    draftBytesPerUser: number;
    perTenantPerHour: number | null;
    perMailboxPerMinute: number;
  };
  retention: { bodyDays: number; metadataDays: number };
}

const MIB = 1024 * 1024;

const group = <T extends yup.ObjectShape>(fields: T) => yup.object(fields).optional().default(undefined);
const whole = (min: number, max = Number.MAX_SAFE_INTEGER) => yup.number().strict().integer().min(min).max(max);
const strings = () => yup.array().strict().of(yup.string().strict().required());
const record = () =>
  yup
    .mixed<Record<string, unknown>>()
    .test(
      'record',
      'must be an object',
      (value) => value === undefined || (typeof value === 'object' && value !== null && !Array.isArray(value))
    );

const configSchema = yup.object({
  mailboxLimit: whole(0, 100_000),
  contact: group({ text: yup.string().strict(), url: yup.string().strict() }),
  system: group({
    from: group({ name: yup.string().strict(), email: yup.string().strict().required() }),
    transport: yup
      .mixed<'strapi-email' | SmtpInput>()
      .test(
        'transport',
        "must be 'strapi-email' or SMTP settings",
        (value) => value === undefined || value === 'strapi-email' || parse(smtpSchema, value).ok
      ),
  }),
  ownAddress: group({ requireConfirmation: yup.boolean().strict() }),
  guard: group({
    mode: yup
      .string()
      .strict()
      .oneOf(['off', 'report', 'enforce'] as const),
    actor: yup.string().strict(),
  }),
  systemActors: record(),
  contentApi: group({ tokens: record(), roles: record() }),
  secrets: group({ keys: strings(), formerStrapiKeys: strings() }),
  network: group({
    allow: strings(),
    ports: yup.array().strict().of(whole(1, 65_535).required()),
    ca: strings(),
    ehloName: yup
      .string()
      .strict()
      .test(
        'ehloName',
        'must be a full host name, such as mail.example.org',
        (value) => value === undefined || isDomain(value)
      ),
  }),
  delivery: group({
    engine: yup
      .string()
      .strict()
      .oneOf(['embedded', 'bullmq'] as const),
    redis: record(),
    role: yup
      .string()
      .strict()
      .oneOf(['all', 'accept', 'deliver'] as const),
    undoSeconds: whole(0, 120),
    maxAgeHours: whole(1, 720),
    leaseSeconds: whole(3, 3600),
    concurrency: whole(1, 100),
    shutdownGraceMs: whole(0, 600_000),
  }),
  limits: group({
    recipients: whole(1),
    messageBytes: whole(1),
    batchRecipients: whole(1),
    perUserPerHour: whole(1),
    bytesPerUserPerHour: whole(1).nullable(),
    draftBytesPerUser: whole(1),
    perTenantPerHour: whole(1),
    perMailboxPerMinute: whole(1),
  }),
  retention: group({ bodyDays: whole(1), metadataDays: whole(1) }),
});

const systemActorSchema = yup.object({
  mailboxes: yup
    .mixed<'all' | string[]>()
    .test(
      'mailboxes',
      "must be 'all' or a list of addresses",
      (value) => value === 'all' || (Array.isArray(value) && value.every((item) => typeof item === 'string'))
    )
    .required(),
  tenant: yup.string().strict(),
});

const fail = (key: string, message: string): never => {
  throw new Error(`[mailboxes] config "${key}": ${message}`);
};

const readSystemActors = (raw: Record<string, unknown>): Settings['systemActors'] => {
  const actors: Settings['systemActors'] = {};
  for (const [name, value] of Object.entries(raw)) {
    const key = `systemActors.${name}`;
    if (RESERVED_ACTORS.includes(name)) fail(key, 'is a reserved name');
    const parsed = parse(systemActorSchema, value);
    if (!parsed.ok)
      return fail(
        `${key}.${String(parsed.refusal.details?.path ?? '')}`,
        String(parsed.refusal.details?.reason ?? 'is not known')
      );
    const { mailboxes, tenant } = parsed.value;
    for (const address of mailboxes === 'all' ? [] : mailboxes) {
      if (!parseAddrSpec(address).ok) fail(`${key}.mailboxes`, `${JSON.stringify(address)} is not an address`);
    }
    actors[name] = {
      mailboxes: mailboxes === 'all' ? mailboxes : mailboxes.map(addressKey),
      tenant: tenant ?? DEFAULT_TENANT_KEY,
    };
  }
  return actors;
};

const readActorMap = (
  key: string,
  raw: Record<string, unknown> | undefined,
  actors: Settings['systemActors']
): Record<string, string> => {
  const read = ([name, actor]: [string, unknown]): [string, string] =>
    typeof actor === 'string' && Object.hasOwn(actors, actor)
      ? [name, actor]
      : fail(`${key}.${name}`, 'names no actor of systemActors');
  // Not one by one: a name like `__proto__` is a name here as well.
  return Object.fromEntries(Object.entries(raw ?? {}).map(read));
};

/** The role of everybody who is not signed in: bound, it would be an open relay. */
const PUBLIC_ROLE = 'public';

const readFrom = (from: { name?: string; email: string } | undefined): Settings['system']['from'] => {
  if (!from) return null;
  const address = parseAddrSpec(from.email);
  if (!address.ok) return fail('system.from.email', 'is not an address');
  const name = normalise(from.name ?? '').trim();
  if (name !== '' && nameProblem(name) !== null)
    fail('system.from.name', 'looks like an address or holds invisible characters');
  return { name: name === '' ? null : name, email: address.email };
};

/** One message must have room in an hour, whatever else is said of messages. */
const hourlyBytes = (given: number | null | undefined, messageBytes: number): number | null =>
  given === undefined ? Math.max(1024 * MIB, messageBytes) : given;

/**
 * Reads the configuration.
 *
 * @throws an error that names the key, for everything that is not as the contract says
 */
export const readSettings = (raw: unknown): Settings => {
  const parsed = parse(configSchema, raw ?? {});
  if (!parsed.ok) {
    const { path, reason } = parsed.refusal.details ?? {};
    return fail(String(path), parsed.refusal.code === 'UNKNOWN_FIELD' ? 'is not known' : String(reason));
  }
  const config = parsed.value;
  const systemActors = readSystemActors(config.systemActors ?? {});
  if (config.contentApi?.roles && Object.hasOwn(config.contentApi.roles, PUBLIC_ROLE))
    fail(`contentApi.roles.${PUBLIC_ROLE}`, 'would let anybody send, signed in or not');
  const guardActor = config.guard?.actor ?? null;
  if (guardActor !== null && !Object.hasOwn(systemActors, guardActor))
    fail('guard.actor', 'names no actor of systemActors');

  const messageBytes = config.limits?.messageBytes ?? 25 * MIB;
  const settings: Settings = {
    mailboxLimit: config.mailboxLimit ?? 1,
    contact: { ...config.contact },
    system: { from: readFrom(config.system?.from), transport: config.system?.transport ?? 'strapi-email' },
    ownAddress: { requireConfirmation: config.ownAddress?.requireConfirmation ?? true },
    guard: { mode: config.guard?.mode ?? 'report', actor: guardActor },
    systemActors,
    contentApi: {
      tokens: readActorMap('contentApi.tokens', config.contentApi?.tokens, systemActors),
      roles: readActorMap('contentApi.roles', config.contentApi?.roles, systemActors),
    },
    secrets: { keys: config.secrets?.keys ?? [], formerStrapiKeys: config.secrets?.formerStrapiKeys ?? [] },
    network: {
      allow: config.network?.allow ?? [],
      ports: config.network?.ports ?? [...DEFAULT_PORTS],
      ca: config.network?.ca ?? [],
      ehloName: toAsciiDomain(config.network?.ehloName ?? ''),
    },
    delivery: {
      engine: config.delivery?.engine ?? 'embedded',
      redis: config.delivery?.redis ?? null,
      role: config.delivery?.role ?? 'all',
      undoSeconds: config.delivery?.undoSeconds ?? 10,
      maxAgeHours: config.delivery?.maxAgeHours ?? 24,
      leaseSeconds: config.delivery?.leaseSeconds ?? 90,
      concurrency: config.delivery?.concurrency ?? 5,
      shutdownGraceMs: config.delivery?.shutdownGraceMs ?? 10_000,
    },
    limits: {
      recipients: config.limits?.recipients ?? 100,
      messageBytes,
      batchRecipients: config.limits?.batchRecipients ?? 10_000,
      perUserPerHour: config.limits?.perUserPerHour ?? 300,
      bytesPerUserPerHour: hourlyBytes(config.limits?.bytesPerUserPerHour, messageBytes),
      draftBytesPerUser: config.limits?.draftBytesPerUser ?? 100 * MIB,
      perTenantPerHour: config.limits?.perTenantPerHour ?? null,
      perMailboxPerMinute: config.limits?.perMailboxPerMinute ?? 60,
    },
    retention: { bodyDays: config.retention?.bodyDays ?? 30, metadataDays: config.retention?.metadataDays ?? 180 },
  };
  if (settings.delivery.engine === 'bullmq') fail('delivery.engine', "'bullmq' is not available yet, use 'embedded'");
  named('network', () => createNetworkRule(settings.network));
  named('network.ca', () => trustedRoots(settings.network.ca));
  named('secrets.keys', () => createKeyRing({ configured: settings.secrets.keys }));
  return settings;
};

const named = (key: string, read: () => unknown): void => {
  try {
    read();
  } catch (error) {
    fail(key, error instanceof Error ? error.message : String(error));
  }
};

/** Strapi's shape of a plugin's configuration; the key must be `validator`. */
export default {
  default: {},
  validator: (config: unknown): void => void readSettings(config),
};
