import type { Core } from '@strapi/types';
import type { Actor } from '../../domain/actor';
import { administers, holds } from '../../domain/administration';
import type { Submission } from '../../contracts/answers';
import type { Page } from '../../contracts/query';
import { cursorText, parseCursor, parseFilter, type FilterQuery } from '../../contracts/submissions-filter';
import type { Queries } from '../../database/dialect';
import { connectionOf } from '../../database/transaction';
import type { IdentitiesService } from '../../identities/service';
import { orThrow, stop } from '../../strapi/error';
import { authorNamesOf } from '../author-names';
import { present } from '../present';
import { readPage } from '../../outbox/page';
import { submissionsRepository as repository, type Filter, type SubmissionRow } from '../../outbox/repository';

export interface ListDependencies {
  strapi: Core.Strapi;
  identities: Pick<IdentitiesService, 'administratorOf' | 'tenantOf'>;
}

export interface ListQuestion extends Page, FilterQuery {
  actor: Actor;
  /** documentId or key */
  tenant?: string;
  /** Beginnings of words of the subject, or of a recipient's address or name. */
  q?: string;
  /** `next` of the page before: a far page without counting the ones before it. */
  after?: string;
}

/** Lists the actor's own submissions, or with `log.read` all of a tenant. */
export const createList = ({ strapi, identities }: ListDependencies) => {
  /** @throws TENANT_MISMATCH, NOT_FOUND (a tenant that is not the actor's) */
  async function scope(actor: Actor, named: string | undefined): Promise<Filter> {
    const tenant = await identities.tenantOf(actor, named);
    if (tenant === null) return stop(named === undefined ? 'TENANT_MISMATCH' : 'NOT_FOUND');
    const admin = await identities.administratorOf(actor);
    if (holds(admin, 'log.read') && administers(admin, tenant)) return { tenant };
    return actor.type === 'user' ? { tenant, user: actor.id } : { tenant, system: actor.name };
  }

  /** @throws INVALID_INPUT (also for `author` if the actor sees only its own), TENANT_MISMATCH, NOT_FOUND */
  async function findPage({ actor, tenant, q, page, pageSize, after, ...query }: ListQuestion) {
    const { author, ...fields } = orThrow(parseFilter(query));
    const visible = await scope(actor, tenant);
    const isOwn = visible.user !== undefined || visible.system !== undefined;
    if (author !== undefined && isOwn) stop('INVALID_INPUT', { path: 'author', reason: 'only your own are here' });
    const filter = { ...visible, ...fields, ...(author === undefined ? {} : { user: author }) };
    const cursor = after === undefined ? undefined : orThrow(parseCursor(after));
    const found = await readPage(db(), filter, { page, pageSize, q, after: cursor });
    return {
      rows: await withRecipients(found.rows, actor),
      total: found.total,
      further: { atLeast: found.atLeast, next: found.next && cursorText(found.next) },
    };
  }

  async function newest(filter: Filter, limit: number, viewer: Actor): Promise<Submission[]> {
    return withRecipients(await repository.newest(db(), filter, limit), viewer);
  }

  function db(): Queries {
    return connectionOf(strapi);
  }

  async function withRecipients(rows: readonly SubmissionRow[], viewer: Actor): Promise<Submission[]> {
    const ids = rows.map(({ id }) => id);
    const recipients = ids.length > 0 ? await repository.recipientsOf(db(), ids) : [];
    const names = await authorNamesOf(db(), rows, viewer);
    return rows.map((row) => present(row, recipients, viewer, names));
  }

  return { scope, findPage, newest };
};
