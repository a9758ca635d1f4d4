import type { Attempt, Reply, Stage, Trouble } from '../../server/src/domain/outcome';

/* Attempts as SMTP ended them, for the rules on outcomes. */

export const reply = (text: string): Reply => ({ code: Number(text.slice(0, 3)), text });

/** The server refused at this stage with this reply. */
export const refusedAt = (stage: Stage, text: string): Attempt => ({
  kind: 'failed',
  stage,
  reply: reply(text),
  trouble: null,
  refused: [],
});

/** The connection failed at this stage, without a reply. */
export const brokenBy = (trouble: Trouble, stage: Stage = 'connect'): Attempt => ({
  kind: 'failed',
  stage,
  reply: null,
  trouble,
  refused: [],
});
