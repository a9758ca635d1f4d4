import { connectionOf } from '../database/transaction';
import { readDue } from '../outbox/due';
import { createBullmqEngine } from '../outbox/engines/bullmq';
import { createEmbeddedEngine } from '../outbox/engines/embedded';
import type { DeliveryEngine } from '../outbox/engines/engine';
import type { Technique } from './technique';

/** Builds the engine that wakes delivery. */
export function createEngine({ strapi, settings, logError }: Technique): DeliveryEngine {
  const onError = (error: unknown): void => logError('delivery broke off', error);
  const { engine, redis, redisPrefix: prefix } = settings.delivery;
  if (engine === 'embedded' || redis === null) return createEmbeddedEngine({ onError });
  return createBullmqEngine({
    redis,
    prefix,
    readDue: (withinMs, limit) => readDue(connectionOf(strapi), withinMs, limit),
    log: strapi.log,
    onError: (error) => logError('a job of BullMQ could not be handled', error),
  });
}
