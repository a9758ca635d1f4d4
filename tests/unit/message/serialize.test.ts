import fc from 'fast-check';
import MailComposer from 'nodemailer/lib/mail-composer';
import { serialize } from '../../../server/src/message/serialize';

interface Content {
  subject?: string;
  text?: string;
  html?: string;
}

const compiled = ({ subject = 'Hello', ...content }: Content) =>
  new MailComposer({
    from: { name: 'Grüße vom Verein', address: 'news@club.example' },
    to: [{ name: '', address: 'ada@reader.example' }],
    cc: [{ name: 'Bo "the reader" Ek', address: 'bo@reader.example' }],
    subject,
    headers: [{ key: 'X-Campaign', value: 'spring' }],
    messageId: '<1@club.example>',
    date: new Date(0),
    newline: 'win',
    ...content,
  }).compile();

/** The library draws a new boundary for each message; soft line breaks are no content (RFC 2045 §6.7). */
const comparable = (bytes: Buffer): string =>
  bytes
    .toString('latin1')
    .replace(/--_NmP-[0-9a-f]+-/g, '--_NmP-x-')
    .replace(/=\r\n/g, '');

const bytesOf = async (content: Content): Promise<string> => comparable(await serialize(compiled(content)));
const streamOf = async (content: Content): Promise<string> => comparable(await compiled(content).build());

const TEXTS: [string, string][] = [
  ['plain text', 'Dear Ada,\n\nuntil Thursday.\n'],
  ['text without a last line end', 'Dear Ada'],
  ['text that ends with CR', 'Dear Ada\r'],
  ['an empty text', ''],
  ['lines that end with CRLF, LF and CR', 'a\r\nb\nc\rd\r\n'],
  ['a line of 77 characters', 'a'.repeat(77)],
  ['a line of 5,000 characters', 'word '.repeat(1000)],
  ['blanks at the ends of lines', `${'ü '.repeat(60)} \t\n \n\t`],
  ['lines that begin with a dot', '.\n..\n.ü\n'],
  ['umlauts', 'Schöne Grüße aus Köln\n'.repeat(20)],
  ['Greek', 'Καλημέρα κόσμε\n'.repeat(20)],
  ['pictographs', '👩‍🚀🎉'.repeat(100)],
  ['an unpaired surrogate', 'a\ud800b'],
  ['NUL and controls', 'a\0b\x07c'],
  ['16,384 characters of Greek', 'κ'.repeat(16_384)],
  ['16,385 characters, which are streamed', 'ü '.repeat(8193)],
];

describe('serialize', () => {
  it('writes header, blank line and 7bit text (RFC 5322 §2.1)', async () => {
    expect(await bytesOf({ text: 'Dear Ada,\nuntil Thursday.' })).toBe(
      [
        'X-Campaign: spring',
        'From: =?UTF-8?Q?Gr=C3=BC=C3=9Fe_vom_Verein?= <news@club.example>',
        'To: ada@reader.example',
        'Cc: "Bo \\"the reader\\" Ek" <bo@reader.example>',
        'Subject: Hello',
        'Message-ID: <1@club.example>',
        'Date: Thu, 01 Jan 1970 00:00:00 +0000',
        'Content-Transfer-Encoding: 7bit',
        'MIME-Version: 1.0',
        'Content-Type: text/plain; charset=utf-8',
        '',
        'Dear Ada,',
        'until Thursday.',
        '',
      ].join('\r\n')
    );
  });

  it.each(TEXTS)('writes the message that the stream of the library writes for %s', async (_what, text) => {
    expect(await bytesOf({ text })).toBe(await streamOf({ text }));
    const both = { text, html: `<p>${text}</p>` };
    expect(await bytesOf(both)).toBe(await streamOf(both));
  });

  it('writes the message that the stream of the library writes for any text and subject', async () => {
    const texts = fc.string({ unit: 'binary', maxLength: 400 });
    await fc.assert(
      fc.asyncProperty(texts, texts, texts, async (subject, text, html) => {
        const content = { subject, text, html };
        expect(await bytesOf(content)).toBe(await streamOf(content));
      }),
      { numRuns: 100 }
    );
  });

  it('breaks every quoted-printable line at 76 characters (RFC 2045 §6.7)', async () => {
    const lines = (await serialize(compiled({ text: `${'Grüße an alle '.repeat(200)} ` })))
      .toString('latin1')
      .split('\r\n');
    expect(lines.filter((line) => line.length > 76)).toEqual([]);
    expect(lines.filter((line) => line.endsWith('='))).not.toEqual([]);
  });

  it('keeps messages with attachments', async () => {
    const message = new MailComposer({
      text: 'Hello',
      attachments: [{ filename: 'a.txt', content: Buffer.from('attached') }],
    }).compile();
    expect((await serialize(message)).toString('latin1')).toContain(Buffer.from('attached').toString('base64'));
  });
});
