import type { Core } from '@strapi/strapi';
import { isMailboxesError, mailboxes } from 'strapi-plugin-mailboxes';

/** `systemActors: { digest: { mailboxes: ['news@club.example'] } }` in the plugin's configuration. */
const actor = { type: 'system', name: 'digest' } as const;
const SENDER = 'news@club.example';

export const sendDigest = async (strapi: Core.Strapi, day: string, readers: string[], text: string): Promise<void> => {
  const { identities, submissions } = mailboxes(strapi);
  const { from } = await identities.listFor({ actor });
  const sender = from.find(({ email }) => email === SENDER);
  if (!sender) throw new Error(`${SENDER} is not offered to ${actor.name}`);
  for (const reader of readers) {
    try {
      await submissions.submit({
        actor,
        from: sender.id,
        to: [reader],
        subject: `News of ${day}`,
        text,
        idempotencyKey: `digest-${day}-${reader}`,
      });
    } catch (error) {
      // Strapi runs a cron task in every process: another one has sent first, with a different text.
      if (isMailboxesError(error) && error.details.code === 'IDEMPOTENCY_CONFLICT') continue;
      throw error;
    }
  }
};

/** Called from `bootstrap` in src/index.ts: every Monday at eight. */
export const scheduleDigest = (
  strapi: Core.Strapi,
  read: (day: string) => Promise<{ readers: string[]; text: string }>
): void => {
  strapi.cron.add({
    weeklyDigest: {
      options: '0 0 8 * * 1',
      task: async () => {
        const day = new Date().toISOString().slice(0, 10);
        const { readers, text } = await read(day);
        await sendDigest(strapi, day, readers, text);
      },
    },
  });
};
