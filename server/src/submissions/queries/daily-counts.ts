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
  /** What the asker may see in the tenant that is meant. @throws TENANT_MISMATCH, NOT_FOUND */
  scope: (actor: Actor, tenant: string | undefined) => Promise<Filter>;
}

const DAYS = 30;

/** What was accepted in the last 30 days, by the state that it has now. */
export const createDailyCounts = ({ strapi, scope }: DailyCountsDependencies) => {
  const db = (): Queries => connectionOf(strapi);

  /** One statement along the index of what the asker may see: how many of each state, by the day's index. */
  const countsOf = async (filter: Filter, days: readonly Day[]) => {
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
  };

  /**
   * Of the author's own in a tenant, or, with `log.read`, of all of it.
   *
   * @param zone an IANA name: where days begin and end
   * @throws INVALID_INPUT (zone), TENANT_MISMATCH, NOT_FOUND (a tenant that is not the asker's)
   */
  return async ({
    actor,
    tenant,
    zone = 'UTC',
  }: {
    actor: Actor;
    tenant?: string;
    zone?: string;
  }): Promise<SubmissionsByDay> => {
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
  };
};
