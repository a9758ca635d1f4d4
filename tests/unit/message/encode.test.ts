import { buildMessage } from '../../../server/src/message/encode';

/** Returns header and body of the file's part. */
const attached = async (contentType: string, content: string | Buffer): Promise<{ head: string; body: string }> => {
  const bytes = await buildMessage({
    from: { name: null, email: 'news@club.example' },
    sender: null,
    replyTo: null,
    to: [{ name: null, email: 'ada@reader.example' }],
    cc: [],
    subject: 'Hello',
    text: 'Hello',
    html: null,
    headers: {},
    attachments: [{ filename: 'letter.eml', contentType, content: Buffer.from(content), cid: null }],
    messageId: '<1@club.example>',
    date: 0,
  });
  const raw = bytes.toString('latin1');
  const [head = '', ...body] = (raw.split(/\r\n--[^\r\n]+\r\n/)[2] ?? '').split('\r\n\r\n');
  return { head, body: body.join('\r\n\r\n').split('\r\n--')[0] ?? '' };
};

const LETTER = 'From: ada@reader.example\r\nSubject: Hi\r\n\r\nHello\r\n';

describe('an attached message', () => {
  it('is attached unencoded if its lines suit every server', async () => {
    const { head, body } = await attached('message/rfc822', LETTER);
    expect(head).toMatch(/^Content-Type: message\/rfc822/m);
    expect(head).toMatch(/^Content-Transfer-Encoding: 7bit$/m);
    expect(body.trim()).toBe(LETTER.trim());
  });

  it.each<[string, string | Buffer]>([
    ['a line of 999 octets', `${LETTER}${'a'.repeat(999)}\r\n`],
    ['a last line of 999 octets without an end', `${LETTER}${'a'.repeat(999)}`],
    ['an octet beyond 127', Buffer.from(`${LETTER}Grüße\r\n`, 'latin1')],
    ['NUL', `${LETTER}a\0b\r\n`],
    ['lines that end with LF', LETTER.replace(/\r\n/g, '\n')],
    ['a lone CR', `${LETTER}a\rb\r\n`],
  ])('is attached as application/octet-stream if it contains %s (RFC 2046 §5.2.1)', async (_what, content) => {
    const { head, body } = await attached('message/rfc822', content);
    expect(head).toMatch(/^Content-Type: application\/octet-stream; name=letter\.eml$/m);
    expect(head).toMatch(/^Content-Transfer-Encoding: base64$/m);
    expect(Buffer.from(body, 'base64')).toEqual(Buffer.from(content));
  });

  it('keeps lines of 998 octets', async () => {
    expect((await attached('message/rfc822', `${LETTER}${'a'.repeat(998)}\r\n`)).head).toMatch(/message\/rfc822/);
  });

  it.each([
    'MESSAGE/RFC822',
    'message/partial; id=1',
    'message/global',
    'multipart/related',
    'Multipart/Mixed; boundary=x',
  ])('is attached as application/octet-stream instead of %s, which must not be encoded', async (contentType) => {
    const { head, body } = await attached(contentType, 'Grüße\n');
    expect(head).toMatch(/^Content-Type: application\/octet-stream/m);
    expect(Buffer.from(body, 'base64').toString()).toBe('Grüße\n');
  });

  it('keeps other types', async () => {
    expect((await attached('application/pdf', 'Grüße\n')).head).toMatch(/^Content-Type: application\/pdf/m);
  });
});
