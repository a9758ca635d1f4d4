import type { Core } from '@strapi/strapi';
import { errors } from '@strapi/utils';
import { isMailboxesError, mailboxes, type Actor } from 'strapi-plugin-mailboxes';

/** Returns the user who is signed in to the admin panel; null for an admin token, whose owner wrote nothing. */
const editorOf = (state: { auth?: { strategy?: { name?: string } }; user?: { id: number } }): Actor | null =>
  state.auth?.strategy?.name === 'admin' && state.user ? { type: 'user', id: state.user.id } : null;

/** Called from `register` in src/index.ts: `POST /newsroom/tips`, for every user with Send. */
export const addNewsroom = (strapi: Core.Strapi): void => {
  strapi.server.routes({
    type: 'admin',
    prefix: '/newsroom',
    routes: [
      {
        method: 'POST',
        path: '/tips',
        info: { type: 'admin' },
        config: {
          policies: [
            'admin::isAuthenticatedAdmin',
            { name: 'admin::hasPermissions', config: { actions: ['plugin::mailboxes.communication.send'] } },
          ],
        },
        handler: async (ctx) => {
          const actor = editorOf(ctx.state);
          if (!actor) throw new errors.ForbiddenError();
          const { text } = ctx.request.body as { text?: unknown };
          if (typeof text !== 'string') throw new errors.ValidationError('text is missing');
          const { identities, submissions } = mailboxes(strapi);
          try {
            const { from } = await identities.listFor({ actor });
            ctx.body = await submissions.submit({
              actor,
              from: from.some(({ id }) => id === 'own') ? 'own' : 'system',
              to: ['newsroom@club.example'],
              subject: 'A tip',
              text,
            });
          } catch (error) {
            if (!isMailboxesError(error)) throw error;
            ctx.status = error.status;
            ctx.body = { code: error.details.code };
          }
        },
      },
    ],
  });
};
