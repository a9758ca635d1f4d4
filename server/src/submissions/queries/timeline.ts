import type { Core } from '@strapi/types';
import type { Actor } from '../../domain/actor';
import { mayAdminister } from '../../domain/administration';
import type { PauseCode } from '../../domain/mailbox';
import type { SettledAs } from '../../domain/submission-actions';
import type { TimelineEntry } from '../../contracts/answers';
import { bool, int, json, type Queries } from '../../database/dialect';
import { TABLES } from '../../database/tables';
import { connectionOf } from '../../database/transaction';
import type { IdentitiesService } from '../../identities/service';
import type { SubmissionRow } from '../../outbox/repository';
import { iso } from '../../contracts/instant';

export interface TimelineDependencies {
  strapi: Core.Strapi;
  identities: Pick<IdentitiesService, 'userOf' | 'administratorOf'>;
  /** Returns the row if the actor may see it. @throws NOT_FOUND */
  findVisible: (id: string, actor: Actor) => Promise<SubmissionRow>;
}

const VERBS: Record<string, 'canceled' | 'retried' | 'settled' | 'rescheduled' | 'resent'> = {
  'submission.canceled': 'canceled',
  'submission.retried': 'retried',
  'submission.settled': 'settled',
  'submission.rescheduled': 'rescheduled',
  'submission.resent': 'resent',
};

/** Results whose reply is about the connection or the login (`TransportReply`). */
const OF_TRANSPORT: readonly (string | null)[] = [
  'AUTH_FAILED',
  'TLS_FAILED',
  'SERVER_REFUSED',
  'UNREACHABLE',
] satisfies PauseCode[];

interface AttemptRow {
  claim: number;
  started_at: unknown;
  transmitting_at: unknown;
  ended_at: unknown;
  result: string | null;
  reply: string | null;
  late: unknown;
}

interface AuditRow {
  at: unknown;
  action: string;
  actor_user: number | null;
  actor_system: string | null;
  details: unknown;
}

const timeOf = (ms: unknown): string => new Date(int(ms) ?? 0).toISOString();

const attemptOf = (row: AttemptRow): TimelineEntry => ({
  kind: 'attempt',
  at: timeOf(row.started_at),
  claim: row.claim,
  transmittingAt: iso(int(row.transmitting_at)),
  endedAt: iso(int(row.ended_at)),
  result: row.result,
  reply: row.reply,
  late: bool(row.late),
});

/** Returns attempts and actions on a submission with their actors, oldest first. */
export const createTimeline = ({ strapi, identities, findVisible }: TimelineDependencies) => {
  /** @throws NOT_FOUND as `get` */
  async function readTimeline(id: string, { actor }: { actor: Actor }): Promise<TimelineEntry[]> {
    const row = await findVisible(id, actor);
    const attempts: AttemptRow[] = await db()(TABLES.attempts).where({ submission: id }).orderBy('claim');
    const accepted: TimelineEntry = { kind: 'accepted', at: timeOf(row.createdAt) };
    const all = [accepted, ...(await redactReplies(attempts, row, actor)).map(attemptOf), ...(await actionsOf(row))];
    // All times are of the database's clock; the stable sort keeps the order of equal ones.
    return all.sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  }

  function db(): Queries {
    return connectionOf(strapi);
  }

  async function namesOf(users: readonly number[]): Promise<Map<number, string>> {
    const names = new Map<number, string>();
    for (const id of new Set(users)) {
      const user = await identities.userOf(id);
      const name = user?.exists ? [user.firstname, user.lastname].filter(Boolean).join(' ').trim() : '';
      if (name !== '') names.set(id, name);
    }
    return names;
  }

  async function actionsOf({ id, tenant, createdAt }: SubmissionRow): Promise<TimelineEntry[]> {
    const rows: AuditRow[] = await db()(TABLES.audit)
      .where({ tenant, object: id })
      .andWhere('at', '>=', createdAt)
      .whereIn('action', Object.keys(VERBS))
      .orderBy('id');
    const names = await namesOf(rows.flatMap(({ actor_user }) => actor_user ?? []));
    return rows.flatMap((row): TimelineEntry[] => {
      const kind = VERBS[row.action];
      if (!kind) return [];
      const details = json<{ as?: SettledAs; to?: string; submission?: string }>(row.details) ?? {};
      const { as, to = '', submission = '' } = details;
      const by: Actor =
        row.actor_user === null
          ? { type: 'system', name: String(row.actor_system) }
          : { type: 'user', id: row.actor_user };
      const name = row.actor_user === null ? null : (names.get(row.actor_user) ?? null);
      const action = { at: timeOf(row.at), by, name };
      if (kind === 'rescheduled') return [{ kind, ...action, sendAt: to }];
      if (kind === 'resent') return [{ kind, ...action, submission }];
      return [{ kind, ...action, ...(as ? { as } : {}) }];
    });
  }

  /** Removes replies about connection and login unless the viewer may read the tenant's mailboxes. */
  async function redactReplies(attempts: AttemptRow[], { tenant }: SubmissionRow, actor: Actor): Promise<AttemptRow[]> {
    const isInternal = ({ result, reply }: AttemptRow): boolean => reply !== null && OF_TRANSPORT.includes(result);
    if (!attempts.some(isInternal)) return attempts;
    const admin = await identities.administratorOf(actor);
    if (mayAdminister(admin, 'mailboxes.read', tenant) === null) return attempts;
    return attempts.map((row) => (isInternal(row) ? { ...row, reply: null } : row));
  }

  return readTimeline;
};
