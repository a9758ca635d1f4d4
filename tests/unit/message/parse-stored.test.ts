import { MailParser } from 'mailparser';
import { readStored } from '../../../server/src/message/parse-stored';

const MESSAGE = [
  'Content-Type: multipart/mixed; boundary=b',
  '',
  '--b',
  'Content-Type: text/plain',
  '',
  'Hello',
  '--b',
  'Content-Type: application/octet-stream',
  "Content-Disposition: attachment; filename*=utf-8''invoice%E2%80%AEfdp%0D%0A.exe",
  '',
  'x',
  '--b--',
  '',
].join('\r\n');

describe('a stored message', () => {
  it('has file names by the rules of new messages', async () => {
    const { attachments } = await readStored([Buffer.from(MESSAGE)]);
    expect(attachments.map(({ filename }) => filename)).toEqual(['invoice_fdp__.exe']);
  });

  it('is parsed in pieces that take a few milliseconds each', async () => {
    const content = Buffer.alloc(6_000_000, 'a file of the library ');
    const lines = content.toString('base64').replace(/.{76}/g, '$&\r\n');
    const message = Buffer.from(
      `Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment\r\n\r\n${lines}\r\n`
    );
    const given = jest.spyOn(MailParser.prototype, '_transform');
    // As stored: in two chunks that end within a line.
    const { attachments } = await readStored([message.subarray(0, 5_000_001), message.subarray(5_000_001)]);
    expect(Buffer.from(attachments[0]?.content ?? []).equals(content)).toBe(true);
    // The library decodes each chunk synchronously.
    const longest = Math.max(...given.mock.calls.map(([piece]) => (piece as Buffer).length));
    given.mockRestore();
    expect(longest).toBe(196_608);
  });
});
