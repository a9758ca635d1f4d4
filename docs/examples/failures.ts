import type { Core } from '@strapi/strapi';
import { mailboxes, type Submission, type SubmissionEvent } from 'strapi-plugin-mailboxes';

/** Administers, and never sends. */
const operator = { type: 'system', name: 'operator' } as const;

/** Called from `bootstrap` in src/index.ts. @returns a function that unsubscribes */
export const watchFailures = (strapi: Core.Strapi, tell: (submission: Submission) => Promise<void>): (() => void) => {
  const onFailed = async ({ id }: SubmissionEvent): Promise<void> => {
    try {
      await tell(await mailboxes(strapi).submissions.get(id, { actor: operator }));
    } catch (error) {
      strapi.log.error(`nobody could be told of ${id}: ${String(error)}`);
    }
  };
  strapi.eventHub.on('mailboxes.submission.failed', onFailed);
  return () => strapi.eventHub.off('mailboxes.submission.failed', onFailed);
};
