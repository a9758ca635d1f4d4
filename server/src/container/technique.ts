import { hostname } from 'node:os';
import type { Core } from '@strapi/types';
import { readSettings } from '../config';
import type { Emit } from '../contracts/events';
import { redisSecrets } from '../contracts/redis';
import { ehloNameOf } from '../network/ehlo-name';
import { createNetworkRule } from '../network/target-rule';
import { createCredentials } from '../secrets/credentials';
import { createKeyRing } from '../secrets/key-ring';
import { redact } from '../secrets/redact';
import { createSecretStore } from '../secrets/store';
import { withoutValues } from '../strapi/failed-statements';
import { trustedRoots } from '../network/trusted-roots';
import { newId } from '../database/new-id';

/** Builds settings, clock, ids, network rules, stored secrets, events and the error log of one Strapi instance. */
export function createTechnique(strapi: Core.Strapi) {
  const settings = readSettings(strapi.config.get('plugin::mailboxes'));
  const network = createNetworkRule(settings.network);
  const secrets = createSecretStore(
    createKeyRing({
      configured: settings.secrets.keys,
      strapiKey: strapi.config.get<string | undefined>('admin.secrets.encryptionKey') ?? null,
      formerStrapiKeys: settings.secrets.formerStrapiKeys,
    })
  );
  const { transport } = settings.system;
  const systemSecrets = [
    ...(transport !== 'strapi-email' && transport.password ? [transport.password] : []),
    ...redisSecrets(settings.delivery.redis),
  ];
  /** Shared by every SMTP connection of the process. */
  const smtp = {
    network,
    trustedRoots: trustedRoots(settings.network.ca),
    ehloName: ehloNameOf({
      configured: settings.network.ehloName,
      serverUrl: strapi.config.get('server.url'),
      machine: hostname(),
    }),
  };

  const emit: Emit = (event, payload) => {
    strapi.eventHub.emit(event, payload).catch((error: unknown) => logError(`a listener of ${event} failed`, error));
  };

  return {
    strapi,
    settings,
    clock: (): number => Date.now(),
    newId,
    network,
    secrets,
    credentialsFor: createCredentials(secrets),
    smtp,
    emit,
    logError,
  };

  /** Never logs the error object itself: a mail library's error can hold the whole conversation. */
  function logError(what: string, thrown: unknown): void {
    const error = withoutValues(thrown);
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    strapi.log.error(`[mailboxes] ${what}: ${redact(text, systemSecrets)}`);
  }
}

export type Technique = ReturnType<typeof createTechnique>;
