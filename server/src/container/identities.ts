import { connectionOf } from '../database/transaction';
import { SYSTEM_TRANSPORT } from '../domain/lane';
import { sendUnguarded } from '../guard/provider';
import { createIdentitiesService } from '../identities/service';
import { readPause } from '../outbox/transport-state';
import { createSystemMailbox } from '../system-mailbox/service';
import { createTenantsService } from '../tenants/service';
import type { Technique } from './technique';

/** Builds the system mailbox, the identities and the tenants, which every other service uses. */
export function createIdentities({ strapi, settings, network, credentialsFor, clock }: Technique) {
  const system = createSystemMailbox({
    strapi,
    settings,
    network,
    credentialsFor,
    provider: { send: (options) => sendUnguarded(strapi, options) },
    readPause: () => readPause(connectionOf(strapi), SYSTEM_TRANSPORT),
  });
  const identities = createIdentitiesService({
    strapi,
    systemActors: settings.systemActors,
    requireConfirmation: settings.ownAddress.requireConfirmation,
    system: system.mailbox,
    clock,
  });
  const tenants = createTenantsService({ strapi, identities, mailboxLimit: settings.mailboxLimit, clock });
  return { system, identities, tenants };
}

export type Identities = ReturnType<typeof createIdentities>;
