import { databaseName } from '../support/database';
import { bootForDelivery, mailboxAt, ROBOT, submit } from '../support/outbox';
import { holdReply } from '../support/held-reply';
import { startScriptedServer, type ScriptedServer } from '../support/smtp/scripted-server';
import type { App } from '../support/strapi';

const LIMIT_MS = 120_000;
/** More than what Strapi's own work after its start leaves free in the file: a schema, a configuration, a session. */
const LONG_TEXT = 'A long line.\n'.repeat(600_000);
const RECIPIENTS = Array.from({ length: 80 }, (_, index) => `reader-${index}@reader.example`);
/** A reply that is kept for each recipient: longer than the free space on the existing pages. */
const LONG_REPLY = `250 2.0.0 Ok: ${'queued under a very long name '.repeat(15)}`;

/** SQLite's own limit of the file's size is a disk that is full: the same error at the same place. */
(databaseName === 'sqlite' ? describe : describe.skip)('a full disk', () => {
  let app: App;
  let server: ScriptedServer;
  let mailbox: string;

  const pragma = async (text: string): Promise<number> => {
    const [row] = (await app.strapi.db.connection.raw(`PRAGMA ${text}`)) as unknown as Record<string, number>[];
    return Number(Object.values(row ?? {})[0]);
  };
  const free = (): Promise<number> => pragma('max_page_count = 1073741823');
  /** Repeats until no page is free: delivery deletes rows meanwhile, which frees pages again. */
  const fill = async (): Promise<void> => {
    do {
      await free();
      await app.strapi.db.connection.raw('VACUUM');
      await pragma(`max_page_count = ${await pragma('page_count')}`);
    } while ((await pragma('freelist_count')) > 0 || (await pragma('max_page_count')) > (await pragma('page_count')));
  };
  const count = async (table: string): Promise<number> => {
    const [row] = await app.strapi.db.connection(table).count({ n: '*' });
    return Number(row?.n);
  };
  const stateOf = async (id: string): Promise<string> =>
    (await app.service('submissions').get(id, { actor: ROBOT })).state;
  const until = async (id: string, states: readonly string[]): Promise<string> => {
    for (;;) {
      const state = await stateOf(id);
      if (states.includes(state)) return state;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  const untilLogged = async (pattern: RegExp): Promise<void> => {
    while (!app.logs.some((line) => pattern.test(line))) await new Promise((resolve) => setTimeout(resolve, 50));
  };

  /** Fills the disk before the server's 250, until the failure is in the log. @returns the id of the submission */
  const acceptedOnFullDisk = async (failure: RegExp): Promise<string> => {
    const { held, gate } = await holdReply(server, 'dot', () => submit(app, `mailbox:${mailbox}`, { to: RECIPIENTS }));
    await fill();
    gate.open(LONG_REPLY);
    await untilLogged(failure);
    await free();
    return held.id;
  };

  beforeAll(async () => {
    app = await bootForDelivery({ config: { delivery: { leaseSeconds: 5 } } });
  });

  beforeEach(async () => {
    server = await startScriptedServer();
    mailbox = await mailboxAt(app, server.port);
  });

  afterEach(async () => {
    await free();
    await server.close();
  });

  afterAll(() => app.stop());

  it(
    'lets nothing be accepted, says so, and leaves nothing half written',
    async () => {
      const written = async () => [await count('mailboxes_submissions'), await count('mailboxes_messages')];
      let before = await written();
      let refused: unknown;
      // Right after the start something may still raise the limit: then what went through is no answer.
      for (let tries = 0; tries < 5 && refused === undefined; tries += 1) {
        await fill();
        before = await written();
        refused = await submit(app, `mailbox:${mailbox}`, { text: LONG_TEXT }).then(() => undefined, String);
      }
      expect(refused).toMatch(/full/);
      expect(await written()).toEqual(before);
      await free();
      const { id } = await submit(app, `mailbox:${mailbox}`);
      expect(await until(id, ['submitted'])).toBe('submitted');
      expect(server.accepted.filter(({ raw }) => raw.length < 10_000)).toHaveLength(1);
    },
    LIMIT_MS
  );

  it(
    'that keeps a result from being written is named in the log, and nothing is sent again',
    async () => {
      const id = await acceptedOnFullDisk(/could not be written[^]*full/);
      // In doubt where the lease ended meanwhile; the later try is the truth in either case.
      expect(await until(id, ['submitted'])).toBe('submitted');
      expect(server.dataCompleted).toBe(1);
    },
    LIMIT_MS
  );

  it(
    'that stays full leaves it in doubt, and nothing is sent again',
    async () => {
      const id = await acceptedOnFullDisk(/broke off[^]*full/);
      expect(await until(id, ['submitted', 'uncertain'])).toBe('uncertain');
      expect(server.dataCompleted).toBe(1);
    },
    LIMIT_MS
  );
});
