import { TABLES } from '../../server/src/database/tables';
import { countRows, refuses } from '../support/answers';
import { startMailServer, type MailServer } from '../support/smtp/mail-server';
import { EDITOR, boot, type App, type Person } from '../support/strapi';
import {
  message,
  NO_ADDRESSES,
  REFUSED_SUBMISSIONS,
  type RefusedInput,
} from '../unit/contracts/submission-inputs.table';

/* Inputs of a submission that have to fail well (security, "Inputs that must fail well"). */

type Body = Record<string, unknown>;

let app: App;
let server: MailServer;
let ada: Person;

beforeAll(async () => {
  server = await startMailServer({ tls: 'none' });
  app = await boot({
    config: {
      system: {
        from: { name: 'Site', email: 'system@site.example' },
        transport: { host: '127.0.0.1', port: server.port, encryption: 'none', auth: 'none' },
      },
      network: { allow: ['127.0.0.1'] },
    },
  });
  ada = await app.person({ actions: EDITOR });
});

afterAll(async () => {
  await app.stop();
  await server.close();
});

const submit = (differs: Body) => app.as(ada).post('/submissions', message(differs));

/** Texts that a database or a JSON parser may treat in its own way. */
const SPECIAL = /\\u0000|\\ud[89a-f]/;
/** Of each part the first row, and each row that a database could fail at: the schema itself is tested without HTTP. */
const OVER_HTTP: RefusedInput[] = Object.values(REFUSED_SUBMISSIONS).flatMap((rows) =>
  rows.filter(([, differs], index) => index === 0 || SPECIAL.test(JSON.stringify(differs)))
);

/** Rows and connections to the mail server that a submission leaves behind. */
const traces = async (): Promise<Record<string, number>> => {
  const rows = await countRows(app, [
    TABLES.submissions,
    TABLES.messages,
    TABLES.chunks,
    TABLES.recipients,
    TABLES.lastChoices,
  ]);
  return { connections: server.connections, messages: server.messages.length, ...rows };
};

describe('POST /submissions', () => {
  let before: Record<string, number>;
  beforeAll(async () => {
    before = await traces();
  });
  afterEach(async () => {
    expect(await traces()).toEqual(before);
  });

  it.each(OVER_HTTP)('rejects %s, and stores nothing', async (_title, differs, code, path) => {
    await refuses(submit(differs), 400, code, path);
  });

  it.each(['to', 'cc', 'bcc'])(
    'rejects wrong addresses in %s, names each of them, and stores nothing',
    async (field) => {
      const { status, body } = await submit({
        cc: ['other@news.example'],
        [field]: NO_ADDRESSES.map(([, value]) => value),
      });
      expect({ status, details: body.error?.details }).toMatchObject({
        status: 400,
        details: {
          code: 'INVALID_RECIPIENTS',
          recipients: NO_ADDRESSES.map(([, value], index) => ({ field, index, value })),
        },
      });
    }
  );
});
