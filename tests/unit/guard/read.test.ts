import { readGuardedMail } from '../../../server/src/guard/read';

const LIMITS = { recipients: 100, messageBytes: 1_000_000 };
const NOW = Date.parse('2026-01-15T12:00:00Z');
const LETTER = { to: 'ada@reader.example', subject: 'Hello', html: '<p>Hello</p>' };

const read = (differs: object) => readGuardedMail({ ...LETTER, ...differs }, LIMITS, NOW);

const recipientsOf = (differs: object): unknown => {
  const mail = read(differs);
  return mail.ok ? mail.value.request.recipients.map(({ name, email }) => (name ? `${name} <${email}>` : email)) : mail;
};

describe("recipients of Strapi's own mail", () => {
  it.each([
    ['a trailing comma', 'ada@reader.example,', ['ada@reader.example']],
    ['empty places', ', ada@reader.example,, ,ben@reader.example', ['ada@reader.example', 'ben@reader.example']],
    ['a line break behind it', 'ada@reader.example\n', ['ada@reader.example']],
    [
      'line breaks between them',
      '\r\n  Ada <ada@reader.example>,\r\n  ben@reader.example\r\n',
      ['Ada <ada@reader.example>', 'ben@reader.example'],
    ],
    ['a list with empty places', ['', 'ada@reader.example', null, undefined, ' \n'], ['ada@reader.example']],
    ['a no-break space around it', '\u00a0ada@reader.example\u00a0', ['ada@reader.example']],
    ['an object with a line break', { name: 'Ada', address: ' ada@reader.example\n' }, ['Ada <ada@reader.example>']],
    ['a comma in a quoted name', '"Adams, Ada" <ada@reader.example>,', ['Adams, Ada <ada@reader.example>']],
    ['an address in a name', 'ada@x.example <ada@reader.example>', ['ada@x.example <ada@reader.example>']],
    ['a quoted name with an address', '"a \\"b\\" @" <ada@reader.example>', ['a "b" @ <ada@reader.example>']],
  ])('are parsed from %s', (_what, to, recipients) => {
    expect(recipientsOf({ to })).toEqual(recipients);
  });

  it.each([
    ['a line break in an address', 'ada@reader\n.example'],
    ['a header behind a line break', 'ada@reader.example\r\nBcc: eve@reader.example'],
    ['a quote that is open', '"Ada <ada@reader.example>'],
    ['two angle brackets', 'Ada <x> <ada@reader.example>'],
    ['a semicolon', 'ada@reader.example; ben@reader.example'],
  ])('are rejected with %s', (_what, to) => {
    expect(read({ to })).toMatchObject({ ok: false, refusal: { code: 'INVALID_RECIPIENTS' } });
  });

  it.each([[','], [' , \n'], [['', ' ']], [[]]])('are none for empty items only: %j', (to) => {
    expect(read({ to })).toMatchObject({ ok: false, refusal: { code: 'NO_RECIPIENTS' } });
  });

  it('are counted after a thousand empty items', () => {
    const to = [...Array<string>(2000).fill(''), 'ada@reader.example'];
    expect(recipientsOf({ to })).toEqual(['ada@reader.example']);
    expect(recipientsOf({ to: `${','.repeat(2000)}ada@reader.example` })).toEqual(['ada@reader.example']);
  });
});

describe("attachments of Strapi's own mail", () => {
  const attachment = (differs: object) => {
    const mail = read({ attachments: [{ filename: 'logo.png', content: 'x', ...differs }] });
    return mail.ok ? mail.value.attachments[0] : mail.refusal;
  };

  it.each([
    ['logo.png', 'image/png'],
    ['Logo.JPG', 'image/jpeg'],
    ['a.b.jpeg', 'image/jpeg'],
    ['x.gif', 'image/gif'],
    ['x.webp', 'image/webp'],
    ['x.svg', 'application/octet-stream'],
    ['png', 'application/octet-stream'],
    ['x.constructor', 'application/octet-stream'],
  ])('named %s default to the type %s', (filename, contentType) => {
    expect(attachment({ filename })).toMatchObject({ contentType });
  });

  it.each(['logo', 'logo@club.example', 'image001.png@01DA.5F'])('may have the image id %s', (cid) => {
    expect(attachment({ cid })).toMatchObject({ cid, contentType: 'image/png' });
  });

  it.each([
    ['an empty id', { cid: '' }, 'is not 1 to 128 of A-Z, a-z, 0-9, ".", "_", "@" and "-"'],
    ['an id with a bracket', { cid: '<logo>' }, 'is not 1 to 128 of A-Z, a-z, 0-9, ".", "_", "@" and "-"'],
    ['an id with a header', { cid: 'a\r\nBcc: x' }, 'is not 1 to 128 of A-Z, a-z, 0-9, ".", "_", "@" and "-"'],
    ['an id that is no text', { cid: 7 }, 'is not 1 to 128 of A-Z, a-z, 0-9, ".", "_", "@" and "-"'],
    ['an id of a document', { cid: 'a', contentType: 'text/html' }, 'the file is no PNG, JPEG, GIF or WebP'],
    ['an id of an SVG', { cid: 'a', filename: 'x.svg' }, 'the file is no PNG, JPEG, GIF or WebP'],
  ])('are rejected with %s', (_what, differs, reason) => {
    expect(attachment(differs)).toMatchObject({
      code: 'INVALID_INPUT',
      details: { path: 'attachments[0].cid', reason },
    });
  });

  it('are rejected with a duplicate id', () => {
    const logo = { filename: 'logo.png', content: 'x', cid: 'logo' };
    expect(read({ attachments: [logo, logo] })).toMatchObject({
      refusal: { code: 'INVALID_INPUT', details: { path: 'attachments[1].cid', reason: 'is there twice' } },
    });
  });
});
