import { buildMessage, messageSize } from '../../../server/src/message/encode';
import { atOnce } from '../../../server/src/smtp/semaphore';
import { base64Bytes, type Attachment, type MessageParts } from '../../../server/src/domain/message';

const parts = (attachments: Attachment[]): MessageParts => ({
  from: { name: 'Ada', email: 'ada@site.example' },
  sender: null,
  replyTo: null,
  to: [{ name: null, email: 'ben@reader.example' }],
  cc: [],
  subject: 'Hello',
  text: 'Hello',
  html: '<p>Hello</p><img src="cid:logo">',
  headers: {},
  attachments,
  messageId: '<1@site.example>',
  date: 0,
});
const file = (bytes: number, differs: Partial<Attachment> = {}): Attachment => ({
  filename: `${bytes}.bin`,
  contentType: 'application/octet-stream',
  content: Buffer.alloc(bytes, 'abcdefg'),
  cid: null,
  ...differs,
});

describe('the size of a message', () => {
  it.each([
    [0, 0],
    [1, 4],
    [3, 4],
    [4, 8],
    [57, 76],
    [58, 82],
    [114, 154],
    [115, 160],
  ])('counts %i bytes of a file as %i of base64', (bytes, encoded) => {
    expect(base64Bytes(bytes)).toBe(encoded);
  });

  it('is computed without the content of files', async () => {
    const picture = { contentType: 'image/png', cid: 'logo' };
    for (const files of [
      [file(0)],
      [file(1), file(2), file(3, picture)],
      [file(57), file(58, { contentType: 'text/plain' })],
      [file(200_000), file(196_609, picture), file(1_000_000)],
    ]) {
      const measured = files.map(({ content, ...one }) => ({ ...one, bytes: content.length }));
      const { length } = await buildMessage(parts(files));
      expect(await messageSize({ ...parts([]), attachments: measured })).toBe(length);
    }
  });

  it('counts an attached message unencoded', async () => {
    const mail = file(300, { contentType: 'message/rfc822', filename: 'mail.eml' });
    const { length } = await buildMessage(parts([mail]));
    expect(await messageSize(parts([mail]))).toBe(length);
  });
});

describe('a file that is encoded in pieces', () => {
  it('equals the file encoded at once', async () => {
    const large = file(1_000_001);
    const built = (await buildMessage({ ...parts([large]), html: null })).toString('latin1');
    const encoded = /base64\r\nContent-Disposition: attachment; filename=1000001.bin\r\n\r\n([^-]*)\r\n--/.exec(
      built
    )?.[1];
    expect(Buffer.from(encoded ?? '', 'base64').equals(Buffer.from(large.content))).toBe(true);
    expect(encoded?.split('\r\n').every((line, n, lines) => line.length === 76 || n === lines.length - 1)).toBe(true);
  });
});

describe('the limit of concurrent work', () => {
  it('runs a fixed number of callers, and continues after a failure', async () => {
    const few = atOnce(2);
    let running = 0;
    let most = 0;
    const work = async (n: number): Promise<number> => {
      running += 1;
      most = Math.max(most, running);
      await new Promise(setImmediate);
      running -= 1;
      if (n === 1) throw new Error('broken');
      return n;
    };
    const ended = await Promise.allSettled([0, 1, 2, 3, 4].map((n) => few(() => work(n))));
    expect(ended.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled', 'fulfilled']);
    expect(most).toBe(2);
  });
});
