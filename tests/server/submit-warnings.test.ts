import { contentsOf, OF_SUBMIT, refuses } from '../support/answers';
import { apiToken, contentApi } from '../support/content-api';
import { bootForDelivery, mailboxAt, ROBOT } from '../support/outbox';
import { EDITOR, type App, type Person } from '../support/strapi';

/* `acceptWarnings` of a submission. */

type Body = Record<string, unknown>;

let app: App;
let ada: Person;
let from: string;

beforeAll(async () => {
  app = await bootForDelivery({
    systemPort: 25,
    config: {
      delivery: { role: 'accept' },
      limits: { perUserPerHour: 1 },
      contentApi: { tokens: { shop: 'robot' } },
    },
  });
  from = `mailbox:${await mailboxAt(app, 25)}`;
});
beforeEach(async () => {
  ada = await app.person({ actions: EDITOR });
});
afterAll(() => app.stop());

const SIGNATURE = '<div data-signature="mailbox:m"><p>Our leaflet is attached.</p></div>';
const letter = (differs: Body = {}): Body => ({
  from,
  to: ['reader@elsewhere.example'],
  subject: '',
  html: `<p>See the attachment</p><img src="https://club.example/a.png">${SIGNATURE}`,
  ...differs,
});
const post = (differs: Body) => app.as(ada).post('/submissions', letter(differs));
const NO_SUBJECT = { code: 'NO_SUBJECT' };
const FORGOTTEN = { code: 'ATTACHMENT_FORGOTTEN' };
const REMOTE = { code: 'REMOTE_IMAGES', details: { count: 1 } };
const ALL = ['NO_SUBJECT', 'ATTACHMENT_FORGOTTEN', 'REMOTE_IMAGES'];

describe('a submission with warnings', () => {
  it('is accepted without acceptWarnings', () => post({}).expect(202));

  it.each<[string, string[], Body[]]>([
    ['of none', [], [NO_SUBJECT, FORGOTTEN, REMOTE]],
    ['of codes of another version', ['SOMETHING_NEWER', 'no_subject'], [NO_SUBJECT, FORGOTTEN, REMOTE]],
    ['of one of them', ['ATTACHMENT_FORGOTTEN'], [NO_SUBJECT, REMOTE]],
  ])(
    'is refused with the warnings that are not accepted, as the preview lists them: %s',
    async (_, acceptWarnings, left) => {
      const { body } = await post({ acceptWarnings }).expect(409);
      expect(body.error).toMatchObject({ status: 409, details: { code: 'WARNINGS', warnings: left } });
      const preview = await app.as(ada).post('/submissions/preview', letter({ acceptWarnings })).expect(200);
      expect(preview.body.data.warnings).toEqual([NO_SUBJECT, FORGOTTEN, REMOTE]);
    }
  );

  it('is accepted when each of them is, with codes of no warning of it', () =>
    post({ acceptWarnings: [...ALL, 'SENDER_PAUSED', 'SOMETHING_NEWER'] }).expect(202));

  it('without warnings is accepted with an empty list', () =>
    post({ subject: 'Hello', html: `<p>Hello</p>${SIGNATURE}`, acceptWarnings: [] }).expect(202));

  it('stores no message or choice of identities, takes no draft and uses no quota when it is refused', async () => {
    const { body } = await app.as(ada).post('/drafts', { subject: '' }).expect(201);
    const { id, version } = body.data;
    const before = await contentsOf(app, OF_SUBMIT);
    const input = { replyTo: 'system', draft: id, draftVersion: version, idempotencyKey: 'mine' };
    for (let n = 0; n < 3; n += 1) await refuses(post({ ...input, acceptWarnings: [] }), 409, 'WARNINGS');
    expect(await contentsOf(app, OF_SUBMIT)).toEqual(before);
    await post({ ...input, acceptWarnings: ALL }).expect(202);
    await refuses(post({ acceptWarnings: ALL }), 429, 'RATE_LIMITED');
  });

  it('is refused by the service and over the content API in the same way', async () => {
    const refused = { status: 409, details: { code: 'WARNINGS', warnings: [REMOTE] } };
    const acceptWarnings = ['NO_SUBJECT', 'ATTACHMENT_FORGOTTEN'];
    const input = { ...letter({ acceptWarnings }), actor: ROBOT } as never;
    await expect(app.service('submissions').submit(input)).rejects.toMatchObject(refused);
    const machine = contentApi(app, await apiToken(app, 'shop'));
    const { body } = await machine.post(letter({ acceptWarnings })).expect(409);
    expect(body.error).toMatchObject(refused);
    await machine.post(letter({ acceptWarnings: ALL })).expect(202);
  });
});
