import { managesTenants } from '../domain/administration';
import type { Actor } from '../domain/actor';
import { withoutReply } from '../domain/outcome';
import type { Setup, SystemMailboxStatus } from '../contracts/answers';
import type { IdentitiesService } from '../identities/service';
import { stop } from '../strapi/error';

export interface SiteStatusDependencies {
  identities: Pick<IdentitiesService, 'administratorOf'>;
  system: { status: () => Promise<SystemMailboxStatus>; weakProvider: () => string | null };
  rolePermissions: { status: () => Promise<Omit<Setup, 'weakProvider'>>; forgetLost: () => Promise<void> };
}

/** The status of the installation, shown with the list of mailboxes. */
export function createSiteStatus({ identities, system, rolePermissions }: SiteStatusDependencies) {
  return { systemStatus, setup, forgetLostPermissions };

  /** Returns the status of the system mailbox; only an operator gets the server's reply. */
  async function systemStatus(actor: Actor): Promise<SystemMailboxStatus> {
    const { pausedBecause: pause, ...status } = await system.status();
    const operates = managesTenants(await identities.administratorOf(actor));
    return { ...status, pausedBecause: pause && !operates ? withoutReply(pause) : pause };
  }

  async function setup(): Promise<Setup> {
    return { weakProvider: system.weakProvider(), ...(await rolePermissions.status()) };
  }

  /** @throws FORBIDDEN */
  async function forgetLostPermissions(actor: Actor): Promise<void> {
    if (!managesTenants(await identities.administratorOf(actor))) stop('FORBIDDEN');
    await rolePermissions.forgetLost();
  }
}

export type SiteStatus = ReturnType<typeof createSiteStatus>;
