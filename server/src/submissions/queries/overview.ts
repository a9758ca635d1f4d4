import type { Core } from '@strapi/types';
import type { Actor } from '../../domain/actor';
import type { Identity, IdentityList } from '../../domain/identity';
import { withoutReply } from '../../domain/outcome';
import { laneOf } from '../../domain/lane';
import type { Overview, Submission } from '../../contracts/answers';
import { iso } from '../../contracts/instant';
import { nowPlusMs, type Queries } from '../../database/dialect';
import { TABLES } from '../../database/tables';
import { connectionOf } from '../../database/transaction';
import { readPause } from '../../outbox/transport-state';
import type { IdentitiesService } from '../../identities/service';
import { codeOf } from '../../strapi/error';
import { whose, type Filter } from '../../outbox/repository';

export interface OverviewDependencies {
  strapi: Core.Strapi;
  identities: Pick<IdentitiesService, 'listFor'>;
  /** What the asker may see in the tenant that is meant. @throws TENANT_MISMATCH, NOT_FOUND */
  scope: (actor: Actor, tenant: string | undefined) => Promise<Filter>;
  newest: (filter: Filter, limit: number, viewer: Actor) => Promise<Submission[]>;
}

const RECENT = 5;
/** An author is warned after that (delivery §4). */
export const LATE_MS = 30 * 60_000;
/** Nobody attends to what failed longer ago. */
const FAILED_MS = 7 * 24 * 3_600_000;

/** What needs attention, and what happened last: the home page's widget. */
export const createOverview = ({ strapi, identities, scope, newest }: OverviewDependencies) => {
  const db = (): Queries => connectionOf(strapi);

  const countsOf = async (filter: Filter) => {
    const late = db().raw('SUM(CASE WHEN ?? < ? THEN 1 ELSE 0 END) AS ??', [
      's.due_at',
      nowPlusMs(db(), -LATE_MS),
      'late',
    ]);
    const rows: { state: string; n: unknown; late: unknown }[] = await whose(db()(`${TABLES.submissions} as s`), filter)
      .andWhere((where) => {
        where.whereIn('s.state', ['held', 'queued', 'submitting', 'uncertain']).orWhere((failed) => {
          failed.where('s.state', 'failed').andWhere('s.settled_at', '>', nowPlusMs(db(), -FAILED_MS));
        });
      })
      .groupBy('s.state')
      .select('s.state', late)
      .count({ n: '*' });
    const sum = (column: 'n' | 'late', ...states: string[]): number =>
      rows.filter(({ state }) => states.includes(state)).reduce((total, row) => total + Number(row[column]), 0);
    const waiting = ['held', 'queued', 'submitting'];
    return {
      failed: sum('n', 'failed'),
      uncertain: sum('n', 'uncertain'),
      waiting: sum('n', ...waiting),
      late: sum('late', ...waiting),
    };
  };

  /** Who looks after a tenant without being a member is offered nothing there. */
  const offered = async (actor: Actor, tenant: string): Promise<Identity[]> => {
    const list: IdentityList | null = await identities.listFor({ actor, tenant }).catch((error: unknown) => {
      if (codeOf(error) === null) throw error;
      return null;
    });
    return list ? [...list.from, ...list.replyTo] : [];
  };

  const pausedOf = async (actor: Actor, tenant: string): Promise<Overview['paused']> => {
    const resting = new Map<string, Pick<Overview['paused'][number], 'kind' | 'name' | 'email'>>();
    for (const { paused, transport, source, name } of await offered(actor, tenant)) {
      if (!paused) continue;
      const lane = laneOf(transport);
      const known = transport.kind === 'mailbox' ? transport.name : source === 'system' ? name : null;
      resting.set(lane, { kind: transport.kind, name: known ?? resting.get(lane)?.name ?? '', email: transport.email });
    }
    const paused: Overview['paused'] = [];
    for (const [lane, named] of resting) {
      const pause = await readPause(db(), lane);
      if (pause) paused.push({ ...named, ...withoutReply(pause), at: iso(pause.at) });
    }
    return paused;
  };

  /**
   * Of the author's own in a tenant, or, with `log.read`, of all of it.
   *
   * @throws TENANT_MISMATCH, NOT_FOUND (a tenant that is not the asker's)
   */
  return async ({ actor, tenant: named }: { actor: Actor; tenant?: string }): Promise<Overview> => {
    const filter = await scope(actor, named);
    return {
      ...(await countsOf(filter)),
      paused: await pausedOf(actor, filter.tenant),
      recent: await newest(filter, RECENT, actor),
    };
  };
};
