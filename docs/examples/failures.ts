import type { Core } from '@strapi/strapi';
import { mailboxes, type Submission, type SubmissionEvent } from 'strapi-plugin-mailboxes';

/** Administers, and never sends. */
const operator = { type: 'system', name: 'operator' } as const;

/** Called from `bootstrap` in src/index.ts. @returns a function that unsubscribes */
export const watchFailures = (strapi: Core.Strapi, notify: (submission: Submission) => Promise<void>): (() => void) => {
  const onFailed = async ({ id }: SubmissionEvent): Promise<void> => {
    try {
      await notify(await mailboxes(strapi).submissions.get(id, { actor: operator }));
    } catch (error) {
      strapi.log.error(`failed to report ${id}: ${String(error)}`);
    }
  };
  strapi.eventHub.on('mailboxes.submission.failed', onFailed);
  return () => strapi.eventHub.off('mailboxes.submission.failed', onFailed);
};
