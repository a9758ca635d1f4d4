import type { Core } from '@strapi/types';
import type { Actor } from '../../domain/actor';
import type { Identity, IdentityList } from '../../domain/identity';
import { withoutReply } from '../../domain/outcome';
import { laneOf } from '../../domain/lane';
import type { Overview, Submission } from '../../contracts/answers';
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
  /** Filters to the submissions of the tenant that the actor may see. @throws TENANT_MISMATCH, NOT_FOUND */
  scope: (actor: Actor, tenant: string | undefined) => Promise<Filter>;
  newest: (filter: Filter, limit: number, viewer: Actor) => Promise<Submission[]>;
}

const RECENT = 5;
/** Queue age after which the author is warned (delivery §4). */
export const LATE_MS = 30 * 60_000;
/** Failures older than this no longer need attention. */
const FAILED_MS = 7 * 24 * 3_600_000;

/** Returns counts that need attention, paused transports and the newest submissions, for the home page's widget. */
export const createOverview = ({ strapi, identities, scope, newest }: OverviewDependencies) => {
  /**
   * Reads the actor's own submissions in a tenant, or, with `log.read`, all of the tenant's.
   *
   * @throws TENANT_MISMATCH, NOT_FOUND (a tenant that is not the actor's)
   */
  async function readOverview({ actor, tenant: named }: { actor: Actor; tenant?: string }): Promise<Overview> {
    const filter = await scope(actor, named);
    return {
      ...(await countsOf(filter)),
      paused: await pausedOf(actor, filter.tenant),
      recent: await newest(filter, RECENT, actor),
    };
  }

  function db(): Queries {
    return connectionOf(strapi);
  }

  async function countsOf(filter: Filter) {
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
  }

  /** Administrators who are not members of the tenant get no identities. */
  async function identitiesOf(actor: Actor, tenant: string): Promise<Identity[]> {
    const list: IdentityList | null = await identities.listFor({ actor, tenant }).catch((error: unknown) => {
      if (codeOf(error) === null) throw error;
      return null;
    });
    return list ? [...list.from, ...list.replyTo] : [];
  }

  async function pausedOf(actor: Actor, tenant: string): Promise<Overview['paused']> {
    const pausedLanes = new Map<string, Pick<Overview['paused'][number], 'kind' | 'name' | 'email'>>();
    for (const { paused, transport, source, name } of await identitiesOf(actor, tenant)) {
      if (!paused) continue;
      const lane = laneOf(transport);
      const known = transport.kind === 'mailbox' ? transport.name : source === 'system' ? name : null;
      pausedLanes.set(lane, {
        kind: transport.kind,
        name: known ?? pausedLanes.get(lane)?.name ?? '',
        email: transport.email,
      });
    }
    const paused: Overview['paused'] = [];
    for (const [lane, transport] of pausedLanes) {
      const pause = await readPause(db(), lane);
      if (pause) paused.push({ ...transport, ...withoutReply(pause), at: new Date(pause.at).toISOString() });
    }
    return paused;
  }

  return readOverview;
};
