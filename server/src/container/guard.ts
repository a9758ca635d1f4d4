import { offsetOf } from '../contracts/page';
import { connectionOf, createDetachedRunner } from '../database/transaction';
import { holds } from '../domain/administration';
import { countFinding, findFindings, forgetFindings } from '../guard/findings';
import { isGuarded } from '../guard/provider';
import { createGuard as createGuardService } from '../guard/service';
import { emailConfigOf, readDefaultReplyTo } from '../system-mailbox/read';
import type { Delivery } from './delivery';
import type { Identities } from './identities';
import type { Technique } from './technique';

/** Builds the guard of Strapi's e-mail provider. */
export function createGuard(
  { strapi, settings, logError, clock }: Technique,
  { system, identities }: Identities,
  { submissions }: Delivery
) {
  return createGuardService({
    strapi,
    ...settings.guard,
    limits: settings.limits,
    listFor: identities.listFor,
    systemEmail: () => system.mailbox().email,
    defaultReplyTo: () => readDefaultReplyTo(emailConfigOf(strapi)),
    handOver: submissions.handOver,
    apart: createDetachedRunner(strapi),
    findings: {
      count: (found) => countFinding(connectionOf(strapi), found),
      page: ({ q, ...page }) => findFindings(strapi.db.connection, { q, offset: offsetOf(page), limit: page.pageSize }),
      forget: () => forgetFindings(strapi.db.connection),
    },
    holds: async (actor, action) => holds(await identities.administratorOf(actor), action),
    isGuarded: () => isGuarded(strapi),
    onError: logError,
    clock,
  });
}
