import { simpleParser } from 'mailparser';
import type { Submission } from '../../server/src/contracts/answers';
import { TABLES } from '../../server/src/database/tables';
import { refuses } from '../support/answers';
import { peopleOfLog, submittedAs, type PutState } from '../support/states';
import { bootToAccept } from '../support/outbox';
import { seedsOf } from '../support/site';
import { OPERATOR, actorOf, type App, type Person } from '../support/strapi';

/* Resends a submission to a changed address as a new message, by the author's present grants. */

type Body = Record<string, unknown>;

let app: App, ada: Person, ben: Person, reader: Person, keeper: Person;

beforeAll(async () => {
  app = await bootToAccept();
  ({ ada, ben, reader, keeper } = await peopleOfLog(app));
});

afterAll(() => app.stop());

const TO = [{ email: 'new@reader.example', name: 'New Reader' }];
const inState = (state: PutState, differs: Body = {}): Promise<string> =>
  submittedAs(app, actorOf(ada), state, differs);
const ask = (id: string, body: Body = { to: TO }, who: Person = ada) =>
  app.as(who).post(`/submissions/${id}/resend`, body);
const resent = async (id: string, body?: Body, who?: Person): Promise<Submission> =>
  (await ask(id, body, who).expect(202)).body.data;
const mailOf = async (id: string) => {
  const rows: { bytes: Buffer }[] = await app.strapi.db
    .connection(`${TABLES.submissions} as s`)
    .join(`${TABLES.chunks} as c`, 'c.message', 's.message')
    .where('s.id', id)
    .orderBy('c.position')
    .select('c.bytes');
  return simpleParser(Buffer.concat(rows.map(({ bytes }) => bytes)));
};

describe('resending to a changed address', () => {
  it('keeps subject, texts and custom headers, but not the first recipients', async () => {
    const id = await inState('failed', {
      to: ['old@reader.example'],
      cc: ['copy@reader.example'],
      bcc: ['hidden@reader.example'],
      subject: 'Grüße 📬',
      text: 'Zeile 1\n\nZeile 2',
      html: '<p>Zeile <b>1</b></p>',
      headers: { 'X-Campaign': 'Spring', 'X-Priority': '1', 'X-Note': 'Grüße' },
    });
    const again = await resent(id);
    expect(again).toMatchObject({
      state: 'queued',
      actor: actorOf(ada),
      subject: 'Grüße 📬',
      resentFrom: id,
      recipients: [{ email: 'new@reader.example', name: 'New Reader', field: 'to', state: 'pending' }],
    });
    const [first, second] = [await mailOf(id), await mailOf(again.id)];
    expect(second.text).toBe(first.text);
    expect(second.html).toBe(first.html);
    expect(second.subject).toBe('Grüße 📬');
    expect(second.messageId).not.toBe(first.messageId);
    expect(second.cc).toBeUndefined();
    const own = ({ headerLines }: typeof first) =>
      headerLines.filter(({ key }) => key.startsWith('x-')).map(({ line }) => line);
    expect(own(second)).toEqual(own(first));
    expect(JSON.stringify(second.headerLines)).not.toMatch(/old@|copy@|hidden@/);
  });

  it.each<PutState>(['submitted', 'failed', 'uncertain'])('leaves the original unchanged that is %s', async (state) => {
    const id = await inState(state);
    await resent(id);
    expect((await app.as(ada).get(`/submissions/${id}`).expect(200)).body.data).toMatchObject({ state });
  });

  it.each<PutState>(['held', 'queued', 'claimed', 'transmitting', 'canceled'])(
    'of one that is %s is refused',
    async (state) => {
      await refuses(ask(await inState(state)), 409, 'INVALID_STATE');
    }
  );

  it.each<[string, Body, string]>([
    ['a missing list', {}, 'NO_RECIPIENTS'],
    ['an empty list', { to: [] }, 'NO_RECIPIENTS'],
    ['no address', { to: ['new@'] }, 'INVALID_RECIPIENTS'],
    ['no list', { to: 'new@reader.example' }, 'INVALID_INPUT'],
    ['a copy', { to: TO, cc: TO }, 'UNKNOWN_FIELD'],
    ['another actor', { to: TO, actor: OPERATOR }, 'UNKNOWN_FIELD'],
  ])('rejects %s as recipients', async (_, body, code) => {
    await refuses(ask(await inState('failed'), body), 400, code);
  });

  it('rejects a submission without its stored text', async () => {
    const id = await inState('failed');
    const knex = app.strapi.db.connection;
    const [row]: { message: string }[] = await knex(TABLES.submissions).where({ id }).select('message');
    await knex(TABLES.chunks).where({ message: row?.message }).delete();
    await refuses(ask(id), 409, 'INVALID_STATE');
  });

  it('is allowed only for the author, and recorded in the timeline', async () => {
    const id = await inState('failed');
    await refuses(ask(id, { to: TO }, ben), 404, 'NOT_FOUND');
    for (const who of [reader, keeper]) await refuses(ask(id, { to: TO }, who), 403, 'FORBIDDEN');
    const again = await resent(id, { to: TO });
    expect(again.actor).toEqual(actorOf(ada));
    const { body } = await app.as(ada).get(`/submissions/${id}/timeline`).expect(200);
    expect(body.data.filter(({ kind }: { kind: string }) => kind === 'resent')).toMatchObject([
      { by: actorOf(ada), submission: again.id },
    ]);
  });

  it('checks the author’s present grants', async () => {
    const { id: box } = await seedsOf(app).mailbox('default');
    const id = await inState('failed', { from: `mailbox:${box}` });
    await app.service('mailboxes').update(box, { enabled: false }, { actor: OPERATOR });
    await refuses(ask(id), 409, 'MAILBOX_DISABLED');
  });

  it('happens once per idempotency key, which no other submission may share', async () => {
    const [one, other] = [await inState('failed'), await inState('failed')];
    const body = { to: TO, idempotencyKey: 'again' };
    const answers = await Promise.all([resent(one, body), resent(one, body)]);
    expect(answers[0]?.id).toBe(answers[1]?.id);
    await refuses(ask(other, body), 409, 'IDEMPOTENCY_CONFLICT');
  });
});
