import type { Core } from '@strapi/strapi';
import { mailboxes } from 'strapi-plugin-mailboxes';

const actor = { type: 'system', name: 'digest' } as const;

export const greet = async (strapi: Core.Strapi, reader: string) => {
  const { identities, submissions } = mailboxes(strapi);
  const { from } = await identities.listFor({ actor });
  return submissions.submit({
    actor,
    from: from[0]?.id ?? 'system',
    to: [reader],
    subject: 'Hello',
    text: 'Hello',
    idempotencyKey: `greeting-${reader}`,
  });
};
