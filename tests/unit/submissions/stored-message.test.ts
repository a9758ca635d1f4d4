import { readStored } from '../../../server/src/submissions/stored-message';

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

describe('a stored message that is sent again', () => {
  it('names its files as new ones are named', async () => {
    const { attachments } = await readStored(Buffer.from(MESSAGE));
    expect(attachments.map(({ filename }) => filename)).toEqual(['invoice_fdp__.exe']);
  });
});
