import { contentsOf, OF_SUBMIT, refuses } from '../support/answers';
import { mailboxAt, ROBOT, bootToAccept } from '../support/outbox';
import { OPERATOR, type App, type Person } from '../support/strapi';

type Body = Record<string, unknown>;

let app: App, ada: Person;
let open: string, own: string;

beforeAll(async () => {
  app = await bootToAccept({ limits: { messageBytes: 100_000, perUserPerHour: 1 } });
  ada = await app.person();
  const by = { actor: OPERATOR };
  open = (await app.service('mailboxes').create({ email: 'open@club.example', name: 'Open' }, by)).id;
  own = await mailboxAt(app, 25, {}, { email: 'News@Club.example', name: 'Club News' });
});

afterAll(() => app.stop());

const ask = (differs: Body = {}) =>
  app.as(ada).post('/submissions/preview', {
    from: `mailbox:${own}`,
    to: ['reader@elsewhere.example'],
    subject: 'Hello',
    text: 'Hello',
    ...differs,
  });
const preview = async (differs: Body = {}) => (await ask(differs).expect(200)).body.data;

describe('the preview', () => {
  it('equals the message that would be sent', async () => {
    const html = '<style>p{color:red}</style><p onclick="x">Grüße</p><img src="cid:logo" alt="Logo">';
    expect(await preview({ text: undefined, html, replyTo: 'system' })).toEqual({
      from: { name: 'Club News', email: 'News@Club.example' },
      replyTo: { name: 'Site', email: 'system@site.example' },
      envelope: {
        from: 'News@club.example',
        through: { kind: 'mailbox', name: 'Club News', email: 'News@Club.example' },
      },
      subject: 'Hello',
      html: '<p style="color:red">Grüße</p><img alt="Logo" />',
      text: 'Grüße\n\n[Logo]',
      size: expect.any(Number),
      limit: 100_000,
      remoteImages: 0,
      warnings: [],
    });
  });

  it('names the transport, and warns of a sender domain that differs from it', async () => {
    expect(await preview({ from: `mailbox:${open}` })).toMatchObject({
      replyTo: null,
      html: null,
      envelope: {
        from: 'system@site.example',
        through: { kind: 'system', name: null, email: 'system@site.example' },
      },
      warnings: [{ code: 'UNALIGNED_SENDER', details: { domain: 'club.example', systemDomain: 'site.example' } }],
    });
  });

  it('accepts an unfinished message', async () => {
    expect(await preview({ to: undefined, subject: undefined, text: undefined })).toMatchObject({
      subject: '',
      text: '',
      warnings: [{ code: 'NO_SUBJECT' }, { code: 'NO_TEXT' }],
    });
    expect(await preview({ to: [], text: undefined, html: '' })).toMatchObject({ html: '', text: '' });
  });

  it('measures the encoded message, and returns a size over the limit without refusing it', async () => {
    const { size, limit } = await preview({ text: 'ü'.repeat(40_000) });
    expect(size).toBeGreaterThan(limit);
  });

  it('warns of a forgotten attachment, many visible recipients and remote images', async () => {
    const to = Array.from({ length: 15 }, (_, n) => `r${n}@elsewhere.example`);
    const cc = Array.from({ length: 6 }, (_, n) => ({ email: `c${n}@elsewhere.example` }));
    const html =
      '<p>See the attachment</p><blockquote>x</blockquote><img src="https://club.example/a.png"><img src="https://club.example/b.png">';
    expect(await preview({ to, cc, bcc: ['hidden@elsewhere.example'], text: undefined, html })).toMatchObject({
      remoteImages: 2,
      warnings: [
        { code: 'ATTACHMENT_FORGOTTEN' },
        { code: 'MANY_VISIBLE_RECIPIENTS', details: { count: 21 } },
        { code: 'REMOTE_IMAGES', details: { count: 2 } },
      ],
    });
    const quoted = '<p>Thank you</p><blockquote><p>The plan is attached</p></blockquote>';
    expect(await preview({ text: 'The plan is attached', html: quoted })).toMatchObject({ warnings: [] });
  });

  it('omits pictures as data: URLs, and logs that once per system actor', async () => {
    const html = '<p>Hello</p><img alt="Logo" src = "data:image/png;base64,iVBORw0KGgo=">';
    const input = { from: `mailbox:${own}`, to: ['reader@elsewhere.example'], subject: 'Hello', html } as const;
    for (let n = 0; n < 2; n += 1)
      expect(await app.service('submissions').preview(ROBOT, input)).toMatchObject({
        html: '<p>Hello</p><img alt="Logo" />',
      });
    const logged = app.logs.filter((entry) => entry.includes('pictures as data: URLs are left out'));
    expect(logged).toHaveLength(1);
    expect(logged[0]).toContain('robot');
  });

  const SIGNATURE = '<div data-signature="mailbox:m"><p>Club News</p><div>Our leaflet is attached.</div></div>';
  it.each([
    ['nothing', ''],
    ['empty paragraphs', '<p><br></p><p>&nbsp;</p><p>\u200b</p>'],
  ])('warns that there is no text when a signature follows %s', async (_, html) => {
    const { warnings, text } = await preview({ text: undefined, html: `${html}${SIGNATURE}` });
    expect(warnings).toEqual([{ code: 'NO_TEXT' }]);
    expect(text).toContain('Our leaflet is attached.');
  });

  it('checks the text above and below a signature', async () => {
    for (const html of [`<p>Hello</p>${SIGNATURE}`, `${SIGNATURE}<p>Hello</p>`])
      expect(await preview({ text: undefined, html })).toMatchObject({ warnings: [] });
    expect(await preview({ text: undefined, html: `<p>See the attachment</p>${SIGNATURE}` })).toMatchObject({
      warnings: [{ code: 'ATTACHMENT_FORGOTTEN' }],
    });
  });

  it('reports that the mailbox of From is paused, with the reason', async () => {
    const input = { email: 'waits@club.example', name: 'Waits', authenticated: true };
    const smtp = { host: '127.0.0.1', port: 587, encryption: 'none', auth: 'password' } as const;
    const { id } = await app.service('mailboxes').create({ ...input, smtp }, { actor: OPERATOR });
    expect(await preview({ from: `mailbox:${id}` })).toMatchObject({
      warnings: [{ code: 'SENDER_PAUSED', details: { cause: 'SECRET_REQUIRED' } }],
    });
  });

  it('stores no message, identity choice or hourly count', async () => {
    const before = await contentsOf(app, OF_SUBMIT);
    for (let n = 0; n < 3; n += 1) await preview({ idempotencyKey: 'the same', replyTo: 'system' });
    expect(await contentsOf(app, OF_SUBMIT)).toEqual(before);
    const { body } = await app.as(ada).get('/identities').expect(200);
    expect(body.data.preselected).toMatchObject({ replyTo: null });
  });

  it.each<[string, () => Body, number, string, string?]>([
    ['a From that is not offered', () => ({ from: 'mailbox:nothing' }), 403, 'FORBIDDEN_FROM'],
    ['a Reply-To that is not offered', () => ({ replyTo: 'mailbox:nothing' }), 403, 'FORBIDDEN_REPLY_TO'],
    ['a tenant of others', () => ({ tenant: 'nobodys' }), 403, 'TENANT_MISMATCH'],
    ['no From', () => ({ from: undefined }), 400, 'INVALID_INPUT', 'from'],
    ['a wrong address', () => ({ to: ['nobody'] }), 400, 'INVALID_RECIPIENTS'],
    ['an actor', () => ({ actor: { type: 'system', name: 'robot' } }), 400, 'UNKNOWN_FIELD', 'actor'],
    ['a file that is not there', () => ({ attachments: [{ file: 999_999 }] }), 404, 'ATTACHMENT_NOT_FOUND'],
    ['elements without end', () => ({ html: '<b>'.repeat(500) }), 400, 'INVALID_INPUT', 'html'],
    ['a line break in the subject', () => ({ subject: 'a\r\nBcc: x@y.example' }), 400, 'INVALID_SUBJECT'],
  ])('is refused like the submission: %s', async (...[, differs, status, code, path]) =>
    refuses(ask(differs()), status, code, path)
  );
});
