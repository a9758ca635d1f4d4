import type { Core } from '@strapi/types';
import type { Actor } from '../../domain/actor';
import { SUBMISSION_STATES } from '../../domain/submission';
import { isZone } from '../../domain/zone';
import type { SubmissionsByDay } from '../../contracts/answers';
import { readNow, type Queries } from '../../database/dialect';
import { TABLES } from '../../database/tables';
import { connectionOf } from '../../database/transaction';
import { stop } from '../../strapi/error';
import { daysUntil, type Day } from './days';
import { whose, type Filter } from '../../outbox/repository';

export interface DailyCountsDependencies {
  strapi: Core.Strapi;
  /** Filters to the submissions of the tenant that the actor may see. @throws TENANT_MISMATCH, NOT_FOUND */
  scope: (actor: Actor, tenant: string | undefined) => Promise<Filter>;
}

const DAYS = 30;

/** Counts the submissions accepted in the last 30 days, by their present state. */
export const createDailyCounts = ({ strapi, scope }: DailyCountsDependencies) => {
  /**
   * Counts the actor's own submissions in a tenant, or, with `log.read`, all of the tenant's.
   *
   * @param zone an IANA name: where days begin and end
   * @throws INVALID_INPUT (zone), TENANT_MISMATCH, NOT_FOUND (a tenant that is not the actor's)
   */
  async function countByDay({
    actor,
    tenant,
    zone = 'UTC',
  }: {
    actor: Actor;
    tenant?: string;
    zone?: string;
  }): Promise<SubmissionsByDay> {
    if (!isZone(zone)) stop('INVALID_INPUT', { path: 'zone', reason: 'is not the name of a zone' });
    const filter = await scope(actor, tenant);
    const days = daysUntil(await readNow(db()), zone, DAYS);
    const count = await countsOf(filter, days);
    return {
      zone,
      days: days.map(({ day }, index) => ({
        day,
        counts: Object.fromEntries(
          SUBMISSION_STATES.map((state) => [state, count(index, state)])
        ) as SubmissionsByDay['days'][number]['counts'],
      })),
    };
  }

  function db(): Queries {
    return connectionOf(strapi);
  }

  /** One statement along the index of the filter. @returns the count of a state on the day with this index */
  async function countsOf(filter: Filter, days: readonly Day[]) {
    const ends = days.slice(1);
    const day = db().raw(
      `CASE ${ends.map((_, index) => `WHEN ?? < ? THEN ${index}`).join(' ')} ELSE ${ends.length} END AS day_index`,
      ends.flatMap(({ startsAt }) => ['s.created_at', startsAt])
    );
    const rows: { day_index: unknown; state: string; n: unknown }[] = await whose(
      db()(`${TABLES.submissions} as s`),
      filter
    )
      .andWhere('s.created_at', '>=', days[0]?.startsAt ?? 0)
      .groupBy('day_index', 's.state')
      .select(day, 's.state')
      .count({ n: '*' });
    return (index: number, state: string): number =>
      Number(rows.find((row) => Number(row.day_index) === index && row.state === state)?.n ?? 0);
  }

  return countByDay;
};
