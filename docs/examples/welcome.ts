import type { Core } from '@strapi/strapi';
import { mailboxes } from 'strapi-plugin-mailboxes';

/** `systemActors: { welcome: { mailboxes: [] } }` in the plugin's configuration. */
const actor = { type: 'system', name: 'welcome' } as const;

/** Called from `register` in src/index.ts: sends one mail to each new member. */
export const welcomeMembers = (strapi: Core.Strapi): void => {
  strapi.documents.use(async (context, next) => {
    const result = await next();
    if (context.uid === 'api::member.member' && context.action === 'create') {
      const { documentId, name, email } = result as unknown as { documentId: string; name: string; email: string };
      await mailboxes(strapi).submissions.submit({
        actor,
        from: 'system',
        to: [{ email, name }],
        subject: `Welcome, ${name}`,
        text: `Dear ${name},\n\nit is good to have you with us.\n`,
        idempotencyKey: `welcome-${documentId}`,
      });
    }
    return result;
  });
};
