import type { Core } from '@strapi/strapi';
import { mailboxes, type SubmitInput } from 'strapi-plugin-mailboxes';

/** Sends and waits for the result. Not inside a transaction: nothing is sent before its commit. */
export const sendAndWait = async (strapi: Core.Strapi, input: SubmitInput): Promise<string> => {
  const { submissions } = mailboxes(strapi);
  const { actor } = input;
  const { id } = await submissions.submit(input);
  const { state, error, recipients, nextAttemptAt } = await submissions.whenSettled(id, { actor, timeoutMs: 30_000 });
  switch (state) {
    case 'submitted': {
      const refused = recipients.filter((recipient) => recipient.state === 'rejected');
      return refused.length === 0 ? 'handed over' : `handed over, but not to ${refused[0]?.email}`;
    }
    case 'failed':
      return `failed: ${error?.code}`;
    case 'uncertain':
      return 'the server may have it: let a user decide, then call settle or retry';
    case 'canceled':
      return 'canceled';
    case 'held':
    case 'queued':
    case 'submitting':
      return `not settled yet, next attempt at ${nextAttemptAt ?? 'its time'}`;
  }
};
