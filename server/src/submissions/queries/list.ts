import type { Core } from '@strapi/types';
import type { Actor } from '../../domain/actor';
import { administers, holds } from '../../domain/administration';
import type { Submission } from '../../contracts/answers';
import type { Page } from '../../contracts/query';
import { parseFilter, type FilterQuery } from '../../contracts/submissions-filter';
import type { Queries } from '../../database/dialect';
import { connectionOf } from '../../database/transaction';
import type { IdentitiesService } from '../../identities/service';
import { orThrow, stop } from '../../strapi/error';
import { authorNamesOf } from '../author-names';
import { present } from '../present';
import { submissionsRepository as repository, type Filter, type SubmissionRow } from '../../outbox/repository';

export interface ListDependencies {
  strapi: Core.Strapi;
  identities: Pick<IdentitiesService, 'administratorOf' | 'tenantOf'>;
}

export interface ListQuestion extends Page, FilterQuery {
  actor: Actor;
  /** documentId or key */
  tenant?: string;
  /** Part of the subject, or of a recipient's address or name. */
  q?: string;
}

/** Submissions as lists show them: the asker's own, or with `log.read` all of a tenant. */
export const createList = ({ strapi, identities }: ListDependencies) => {
  const db = (): Queries => connectionOf(strapi);

  /** @throws TENANT_MISMATCH, NOT_FOUND (a tenant that is not the asker's) */
  const scope = async (actor: Actor, named: string | undefined): Promise<Filter> => {
    const tenant = await identities.tenantOf(actor, named);
    if (tenant === null) return stop(named === undefined ? 'TENANT_MISMATCH' : 'NOT_FOUND');
    const admin = await identities.administratorOf(actor);
    if (holds(admin, 'log.read') && administers(admin, tenant)) return { tenant };
    return actor.type === 'user' ? { tenant, user: actor.id } : { tenant, system: actor.name };
  };

  const withRecipients = async (rows: readonly SubmissionRow[], viewer: Actor): Promise<Submission[]> => {
    const ids = rows.map(({ id }) => id);
    const recipients = ids.length > 0 ? await repository.recipientsOf(db(), ids) : [];
    const names = await authorNamesOf(db(), rows, viewer);
    return rows.map((row) => present(row, recipients, viewer, names));
  };

  /** @throws INVALID_INPUT (`author` too, where the asker sees its own alone), TENANT_MISMATCH, NOT_FOUND */
  const findPage = async ({ actor, tenant, q, page, pageSize, ...query }: ListQuestion) => {
    const { author, ...wanted } = orThrow(parseFilter(query));
    const seen = await scope(actor, tenant);
    const isOwn = seen.user !== undefined || seen.system !== undefined;
    if (author !== undefined && isOwn) stop('INVALID_INPUT', { path: 'author', reason: 'only your own are here' });
    const filter = { ...seen, ...wanted, q, ...(author === undefined ? {} : { user: author }) };
    const { rows, total } = await repository.page(db(), filter, { page, pageSize });
    return { rows: await withRecipients(rows, actor), total };
  };

  const newest = async (filter: Filter, limit: number, viewer: Actor): Promise<Submission[]> =>
    withRecipients(await repository.newest(db(), filter, limit), viewer);

  return { scope, findPage, newest };
};
