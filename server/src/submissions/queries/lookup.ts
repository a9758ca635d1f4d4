import type { Core } from '@strapi/types';
import type { Actor } from '../../domain/actor';
import { administers, holds } from '../../domain/administration';
import type { Submission } from '../../contracts/answers';
import type { Queries } from '../../database/dialect';
import { connectionOf } from '../../database/transaction';
import type { IdentitiesService } from '../../identities/service';
import { stop } from '../../strapi/error';
import { sameActor, submissionsRepository as repository, type SubmissionRow } from '../../outbox/repository';
import { authorNamesOf } from '../author-names';
import { present } from '../present';

export interface LookupDependencies {
  strapi: Core.Strapi;
  identities: Pick<IdentitiesService, 'administratorOf'>;
}

/** Reads single submissions. */
export const createLookup = ({ strapi, identities }: LookupDependencies) => {
  /** Returns what an action of the viewer has just written, without checking rights again. @throws NOT_FOUND */
  async function readLatest(id: string, viewer: Actor): Promise<Submission> {
    const row = await repository.find(db(), id, 'latest');
    return row ? present(row, await repository.recipientsOf(db(), [id], 'latest'), viewer) : stop('NOT_FOUND');
  }

  /** @throws NOT_FOUND as `findVisible` */
  async function get(id: string, { actor }: { actor: Actor }): Promise<Submission> {
    const row = await findVisible(id, actor);
    const recipients = await repository.recipientsOf(db(), [id]);
    return present(row, recipients, actor, await authorNamesOf(db(), [row], actor));
  }

  /** @throws NOT_FOUND unless the actor is the author or has `log.read` in the submission's tenant */
  async function findVisible(id: string, actor: Actor): Promise<SubmissionRow> {
    const row = await repository.find(db(), id);
    if (!row) return stop('NOT_FOUND');
    if (!sameActor(row.actor, actor)) {
      const admin = await identities.administratorOf(actor);
      if (!holds(admin, 'log.read') || !administers(admin, row.tenant)) stop('NOT_FOUND');
    }
    return row;
  }

  function db(): Queries {
    return connectionOf(strapi);
  }

  return { readLatest, get, findVisible };
};
