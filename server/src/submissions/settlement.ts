import { EventEmitter } from 'node:events';
import type { Core } from '@strapi/types';
import type { Actor } from '../domain/actor';
import { isSettled } from '../domain/submission';
import type { Submission } from '../contracts/answers';
import { coalesce } from '../database/coalesce';
import { afterCommit, connectionOf } from '../database/transaction';
import { submissionsRepository as repository, type SubmissionEnd } from '../outbox/repository';
import type { EmitSubmission } from './events';

export interface SettlementDependencies {
  strapi: Core.Strapi;
  emit: EmitSubmission;
  /** @throws NOT_FOUND */
  get: (id: string, by: { actor: Actor }) => Promise<Submission>;
  /** Milliseconds since the epoch */
  clock: () => number;
  onError: (what: string, error: unknown) => void;
}

const DEFAULT_TIMEOUT_MS = 60_000;
/** Another process may deliver the submission; its final state is found by polling. */
const POLL_MS = 250;

/** Announces final states of submissions, and waits for them. */
export const createSettlement = ({ strapi, emit, get, clock, onError }: SettlementDependencies) => {
  const ended = new EventEmitter().setMaxListeners(0);
  // Attempts that end at the same time share the query.
  const read = coalesce(async (ids: readonly string[]) => {
    const rows = new Map((await repository.endsOf(connectionOf(strapi), ids)).map((row) => [row.id, row]));
    return ids.map((id) => rows.get(id));
  });

  /**
   * Emits the event of a final state after the commit; called after every attempt and action. Never rejects.
   *
   * @param known the end as it was just written; default: reads it
   */
  async function announceEnd(id: string, known?: SubmissionEnd): Promise<void> {
    try {
      const row = known ?? (await read(id));
      await afterCommit(strapi, () => {
        if (row && isSettled(row.state)) emit(row.state, row);
        ended.emit(id);
      });
    } catch (error) {
      onError(`the event of submission ${id} could not be sent`, error);
    }
  }

  /**
   * Resolves at submitted, failed, canceled or uncertain; at the timeout with the current state.
   *
   * @throws NOT_FOUND as `get`
   */
  async function whenSettled(
    id: string,
    { actor, timeoutMs = DEFAULT_TIMEOUT_MS }: { actor: Actor; timeoutMs?: number }
  ): Promise<Submission> {
    const until = clock() + timeoutMs;
    for (;;) {
      let wake = (): void => undefined;
      const announced = new Promise<void>((resolve) => (wake = resolve));
      ended.once(id, wake);
      try {
        const submission = await get(id, { actor });
        const left = until - clock();
        if (isSettled(submission.state) || left <= 0) return submission;
        let timer: NodeJS.Timeout | undefined;
        await Promise.race([
          announced,
          new Promise<void>((resolve) => (timer = setTimeout(resolve, Math.min(POLL_MS, left)))),
        ]);
        clearTimeout(timer);
      } finally {
        ended.off(id, wake);
      }
    }
  }

  return { announceEnd, whenSettled };
};
