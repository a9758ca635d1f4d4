import type { Services } from '../contracts/services';
import { connectionOf, joining } from '../database/transaction';
import { createGrantChanges } from '../grants/changes';
import { createGrantsService } from '../grants/service';
import { createMailboxesService } from '../mailboxes/service';
import { createOwnAddressService } from '../own-address/service';
import { createHealth } from '../submissions/queries/health';
import { createConnection } from './connection';
import type { Delivery } from './delivery';
import type { Identities } from './identities';
import type { Technique } from './technique';

/** Builds the services that `strapi.plugin('mailboxes').service(…)` returns. */
export function createServices(technique: Technique, built: Identities, { submissions, notices }: Delivery) {
  const { strapi, settings, secrets, credentialsFor, network, emit, clock, newId } = technique;
  const { identities, tenants, system } = built;
  const changes = createGrantChanges({ strapi, emit, clock });
  const mailboxes = createMailboxesService({
    strapi,
    identities,
    tenants,
    submissions: submissions.ofMailboxes,
    prepareGrants: changes.prepare,
    secrets,
    credentialsFor,
    checkTarget: network.mayConnect,
    emit,
    recovered: notices.recovered,
    perMinute: settings.limits.perMailboxPerMinute,
    clock,
    newId,
  });
  const ownAddress = createOwnAddressService({
    strapi,
    identities,
    submissions,
    limits: {
      recipients: settings.limits.recipients,
      messageBytes: settings.limits.messageBytes,
      undoSeconds: settings.delivery.undoSeconds,
    },
    systemName: () => system.mailbox().name,
  });

  return {
    identities: joining(strapi, identities),
    tenants: joining(strapi, tenants),
    mailboxes: joining(strapi, mailboxes),
    grants: joining(strapi, createGrantsService({ strapi, mailboxes, changes, identities, emit, clock })),
    submissions: joining(strapi, submissions),
    'own-address': joining(strapi, ownAddress),
    health: joining(strapi, createHealth({ db: () => connectionOf(strapi), unreadable: secrets.unreadable })),
    connection: createConnection(technique, built, { updatable: mailboxes.updatable, recovered: notices.recovered }),
    secrets: { rotate: () => secrets.rotate(strapi.db.connection) },
  } satisfies Services & Record<string, object>;
}
