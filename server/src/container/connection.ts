import { randomUUID } from 'node:crypto';
import { createConnectionService, type ConnectionDependencies } from '../mailboxes/connection';
import { createConnectionTest } from '../smtp/connection-test';
import { createTransports } from '../smtp/pool';
import { createTestMail } from '../smtp/test-mail';
import type { Identities } from './identities';
import type { Technique } from './technique';

/** An administrator waits for the result: shorter than RFC 5321 §4.5.3.2 requires for a message that must not get lost. */
const TEST_MAIL_TIMEOUTS = { connectMs: 15_000, stallMs: 30_000, replyMs: 30_000 };

/** Builds the connection test. */
export function createConnection(
  { strapi, settings, credentialsFor, network, smtp, clock, newId }: Technique,
  { system, identities, tenants }: Identities,
  mailboxes: Pick<ConnectionDependencies, 'updatable' | 'recovered'>
) {
  return createConnectionService({
    strapi,
    identities,
    tenants,
    requireConfirmation: settings.ownAddress.requireConfirmation,
    ...mailboxes,
    credentialsFor,
    checkTarget: network.mayConnect,
    probe: createConnectionTest(smtp),
    sendTestMail: createTestMail({
      transports: createTransports({ ...smtp, timeouts: TEST_MAIL_TIMEOUTS }),
      clock,
      newId,
      newUuid: randomUUID,
      system: { address: () => system.mailbox().email, route: system.transport },
    }),
    systemAddress: () => system.mailbox().email,
    systemTarget: system.target,
    clock,
  });
}
