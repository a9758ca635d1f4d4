/** An ES module finds the same. */
import type { Core } from '@strapi/strapi';
import { mailboxes, type Submission } from 'strapi-plugin-mailboxes';

export const read = (strapi: Core.Strapi): Promise<Submission> =>
  mailboxes(strapi).submissions.get('abc', { actor: { type: 'system', name: 'robot' } });

// @ts-expect-error nothing is `any` here either
export const wrong = (strapi: Core.Strapi): Promise<string> => read(strapi);
