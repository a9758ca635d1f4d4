import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { simpleParser, type AddressObject, type ParsedMail } from 'mailparser';
import type { Preview } from '../../server/src/contracts/answers';
import { bootForDelivery, mailboxAt, ROBOT, settled, submit } from '../support/outbox';
import { PNG } from '../support/pictures';
import { createGate, startScriptedServer, type ScriptedServer } from '../support/smtp/scripted-server';
import type { App } from '../support/strapi';

interface MediaFile {
  id: number;
  url: string;
}

const LONG = `Ein langer Absatz, ${'der nicht aufhört, '.repeat(120)}und doch endet.`;
const RTL = 'שלום עולם, مرحبا بالعالم';
const HTML =
  '<style>h1{color:#b00}.note{background-color:#eee}</style>' +
  '<h1>Grüße vom Fluß 🚣🏽‍♀️</h1>' +
  '<p class="note">Hello <strong>Ada</strong> &amp; <em>Ben</em>, see <a href="https://club.example/?a=1&amp;b=2">the plan</a>.</p>' +
  '<ul><li>boats</li><li>oars<ol><li>left</li><li>right</li></ol></li></ul>' +
  '<blockquote><p>Who said that?</p></blockquote>' +
  '<p><img src="cid:logo" alt="The club’s logo" width="1"></p>' +
  `<p dir="rtl">${RTL}</p><p>${LONG}</p><p>.</p><p>From here</p>`;
const BINARY = Buffer.from(Array.from({ length: 4096 }, (_, index) => (index * 7) % 256));

const addresses = (
  header: AddressObject | AddressObject[] | undefined
): [name: string, address: string | undefined][] =>
  [header ?? []].flat().flatMap(({ value }) => value.map(({ name, address }) => [name, address] as [string, string]));

/** Written, sent over a real connection, and read back by a parser that has nothing of ours. */
describe('a message that arrives', () => {
  let app: App;
  let server: ScriptedServer;
  let folder: string;
  let picture: MediaFile;
  let binary: MediaFile;
  let pictureBytes: Buffer;
  let mail: ParsedMail;
  let raw: string;
  let rcpt: string[];
  let preview: Preview;

  const location = ({ url }: MediaFile) => path.join(app.strapi.dirs.static.public, url);

  const upload = async (name: string, content: Buffer, mimetype: string): Promise<MediaFile> => {
    const filepath = path.join(folder, name);
    await writeFile(filepath, content);
    const uploads = app.strapi.plugin('upload').service('upload') as unknown as {
      upload: (input: object) => Promise<MediaFile[]>;
    };
    const files = { filepath, originalFilename: name, mimetype, size: content.length };
    const [file] = await uploads.upload({ data: {}, files });
    if (!file) throw new Error('nothing was uploaded');
    return file;
  };

  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'mailboxes-arrival-'));
    server = await startScriptedServer();
    app = await bootForDelivery({ systemPort: server.port });
    const mailbox = await mailboxAt(app, server.port, {}, { email: 'news@club.example', name: 'Ruderklub Süd' });
    picture = await upload('logo.png', PNG, 'image/png');
    binary = await upload('every-byte.bin', BINARY, 'application/octet-stream');
    pictureBytes = await readFile(location(picture));
    const gate = createGate();
    server.play({ replies: { connect: [gate], mail: [gate] } });
    const written = {
      replyTo: 'system' as const,
      to: [{ email: 'ada@reader.example', name: 'Ada Łovelace' }],
      cc: ['ben@reader.example'],
      bcc: [{ email: 'hidden@reader.example', name: 'Hidden Name' }],
      subject: `Grüße 🚣 ${RTL}`,
      text: undefined,
      html: HTML,
      headers: { 'X-Campaign': 'Frühling 2026' },
      attachments: [
        { file: binary.id, name: 'Größenübersicht – 測試.bin' },
        { file: picture.id, cid: 'logo' },
      ],
    };
    preview = await app.service('submissions').preview(ROBOT, { ...written, from: `mailbox:${mailbox}` });
    const submission = await submit(app, `mailbox:${mailbox}`, { actor: ROBOT, ...written });
    // Everything of it changes between acceptance and delivery.
    for (const file of [picture, binary]) {
      await writeFile(location(file), 'replaced');
      await app.strapi.db.query('plugin::upload.file').delete({ where: { id: file.id } });
    }
    gate.open();
    expect(await settled(app, submission)).toMatchObject({ state: 'submitted', error: null });
    const accepted = server.accepted.at(-1);
    if (!accepted) throw new Error('nothing arrived');
    mail = await simpleParser(accepted.raw, { skipImageLinks: true });
    raw = accepted.raw.toString('latin1');
    rcpt = accepted.envelope.to;
  });

  afterAll(async () => {
    for (const file of [picture, binary]) await rm(location(file), { force: true });
    await app.stop();
    await server.close();
    await rm(folder, { recursive: true });
  });

  it('names sender, recipients, subject and own headers as they were written', () => {
    expect(addresses(mail.from)).toEqual([['Ruderklub Süd', 'news@club.example']]);
    expect(addresses(mail.replyTo)).toEqual([['Site', 'system@site.example']]);
    expect(addresses(mail.to)).toEqual([['Ada Łovelace', 'ada@reader.example']]);
    expect(addresses(mail.cc)).toEqual([['', 'ben@reader.example']]);
    expect(mail.subject).toBe(`Grüße 🚣 ${RTL}`);
    // An encoded-word (RFC 2047): this parser decodes them in standard headers only.
    expect(mail.headers.get('x-campaign')).toBe('=?UTF-8?Q?Fr=C3=BChling_2026?=');
  });

  it('is for hidden recipients, too, and names them nowhere', () => {
    expect(rcpt).toEqual(['ada@reader.example', 'ben@reader.example', 'hidden@reader.example']);
    const decoded = [raw, JSON.stringify([...mail.headers]), String(mail.html), String(mail.text)].join('\n');
    expect(decoded).not.toMatch(/hidden|^bcc/im);
    expect(raw).not.toContain(Buffer.from('hidden@reader.example').toString('base64').slice(0, 24));
  });

  it('shows the HTML that was written, with its styles on the elements', () => {
    const html = String(mail.html);
    expect(html).toContain('<h1 style="color:#b00">Grüße vom Fluß 🚣🏽‍♀️</h1>');
    expect(html).toContain('<p style="background-color:#eee">Hello <strong>Ada</strong> &amp; <em>Ben</em>');
    expect(html).toContain('<a href="https://club.example/?a=1&amp;b=2">the plan</a>');
    expect(html).toContain('<li>oars<ol><li>left</li><li>right</li></ol></li>');
    expect(html).toContain(`<p dir="rtl">${RTL}</p>`);
    expect(html).toContain(LONG);
    expect(html).not.toMatch(/<style|class=/);
  });

  it('is the HTML and the text of the preview', () => {
    const withoutContentId = String(mail.html).replace(/(?<="cid:logo)\.[^"]*/, '');
    expect(withoutContentId).toBe(preview.html);
    expect(String(mail.text).replace(/\r\n/g, '\n').trimEnd()).toBe(preview.text);
  });

  it('shows the picture that was accepted, by its Content-ID', () => {
    const shown = mail.attachments.find(({ related }) => related);
    expect(shown).toMatchObject({ contentType: 'image/png', contentDisposition: 'inline' });
    expect(shown?.content).toEqual(pictureBytes);
    expect(mail.html).toContain(`<img src="cid:${shown?.cid}" alt="The club’s logo" width="1" />`);
  });

  it('has the file that was accepted, by its name', () => {
    const [file, ...others] = mail.attachments.filter(({ related }) => !related);
    expect(others).toEqual([]);
    expect(file).toMatchObject({ filename: 'Größenübersicht – 測試.bin', contentDisposition: 'attachment' });
    expect(file?.content.equals(BINARY)).toBe(true);
  });

  it('carries the same content in text/plain', () => {
    const text = String(mail.text).replace(/\r\n/g, '\n');
    for (const part of [
      'Grüße vom Fluß 🚣🏽‍♀️',
      'the plan [https://club.example/?a=1&b=2]',
      ' * boats\n * oars\n',
      '1. left\n',
      '> Who said that?',
      '[The club’s logo]',
      RTL,
    ])
      expect(text).toContain(part);
    expect(text.replace(/\s+/g, ' ')).toContain(LONG);
    expect(Math.max(...text.split('\n').map((line) => [...line].length))).toBeLessThanOrEqual(78);
    expect(text).not.toMatch(/<\/?[a-z]|&amp;|&#/);
  });

  it('is made of lines that every server takes, in one shape (RFC 2046, RFC 2387)', () => {
    expect(raw.replace(/\r\n/g, '')).not.toMatch(/[\r\n\0]/);
    expect(Math.max(...raw.split('\r\n').map((line) => line.length))).toBeLessThanOrEqual(998);
    expect(raw).toMatch(/^[\x00-\x7f]*$/);
    const types = [...raw.matchAll(/^Content-Type: ([a-z]+\/[a-z-]+)/gim)].map(([, type]) => type);
    expect(types).toEqual([
      'multipart/mixed',
      'multipart/alternative',
      'text/plain',
      'multipart/related',
      'text/html',
      'image/png',
      'application/octet-stream',
    ]);
    const encodings = [...raw.matchAll(/^Content-Transfer-Encoding: (.*)/gim)].map(([, encoding]) => encoding?.trim());
    expect(encodings.every((encoding) => ['quoted-printable', 'base64', '7bit'].includes(String(encoding)))).toBe(true);
  });
});
