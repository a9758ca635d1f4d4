import { once } from 'node:events';
import fs from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { simpleParser } from 'mailparser';
import type { Submission, SubmitInput } from '../../server/src/submissions/service';
import { createGate, startScriptedServer, type ScriptedServer } from '../support/smtp/scripted-server';
import { bootForDelivery, mailboxAt, ROBOT, settled, submit } from '../support/outbox';
import { PNG } from '../support/pictures';
import { EDITOR, type App, type Person } from '../support/strapi';

interface MediaFile {
  id: number;
  url: string;
  name: string;
}

interface Uploads {
  upload(input: { data: object; files: object }, options?: object): Promise<MediaFile[]>;
  replace(id: number, input: { data: object; file: object }, options?: object): Promise<MediaFile>;
}

const FILE = 'plugin::upload.file';

/** Files of the media library: read as the author may read them, copied when the submission is accepted. */
describe('attachments', () => {
  let app: App;
  let server: ScriptedServer;
  let folder: string;
  let mailbox: string;
  let reader: Person;
  let stranger: Person;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'mailboxes-files-'));
    server = await startScriptedServer();
    app = await bootForDelivery({ config: { limits: { messageBytes: 200_000, bytesPerUserPerHour: 400_000 } } });
    mailbox = await mailboxAt(app, server.port);
    stranger = await app.person({ actions: EDITOR });
    const mayRead = await app.role(EDITOR);
    await permit(mayRead);
    reader = await app.person({ roles: [mayRead] });
  });

  afterEach(() => server.play({}));

  afterAll(async () => {
    const files = (await app.strapi.db.query(FILE).findMany({})) as MediaFile[];
    for (const file of files) await rm(location(file), { force: true });
    await app.stop();
    await server.close();
    await rm(folder, { recursive: true });
  });

  const uploads = () => app.strapi.plugin('upload').service('upload') as unknown as Uploads;
  const location = ({ url }: MediaFile) => path.join(app.strapi.dirs.static.public, url);

  /** Gives a role `plugin::upload.read`. */
  const permit = (role: number, conditions: string[] = []) =>
    app.strapi.db.query('admin::permission').create({
      data: { action: 'plugin::upload.read', subject: null, properties: {}, conditions, actionParameters: {}, role },
    });

  const incoming = async (name: string, content: Buffer, mimetype: string) => {
    const filepath = path.join(folder, name);
    await writeFile(filepath, content);
    return { filepath, originalFilename: name, mimetype, size: content.length };
  };

  const upload = async (name: string, content: Buffer, mimetype = 'application/octet-stream', by?: Person) => {
    const user = by ? { user: { id: by.id } } : {};
    const [file] = await uploads().upload({ data: {}, files: await incoming(name, content, mimetype) }, user);
    if (!file) throw new Error('nothing was uploaded');
    return file;
  };

  const attach = (
    attachments: NonNullable<SubmitInput['attachments']>,
    actor: SubmitInput['actor'] = ROBOT
  ): Promise<Submission> => submit(app, `mailbox:${mailbox}`, { actor, attachments });

  const arrived = async (submission: Submission) => {
    expect(await settled(app, submission)).toMatchObject({ state: 'submitted', error: null });
    return (await simpleParser(server.accepted.at(-1)?.raw ?? '')).attachments;
  };

  const every = Buffer.from(Array.from({ length: 1024 }, (_, index) => index % 256));

  it('arrive with every octet, their name and their type', async () => {
    const binary = await upload('every-byte.bin', every);
    const text = await upload('Größe 1, final.txt', Buffer.from('Grüße\n'), 'text/plain');
    const attachments = await arrived(await attach([{ file: binary.id }, { file: text.id }]));
    expect(attachments.map(({ filename, contentType }) => [filename, contentType])).toEqual([
      ['every-byte.bin', 'application/octet-stream'],
      [text.name, 'text/plain'],
    ]);
    expect(attachments[0]?.content.equals(every)).toBe(true);
    expect(attachments[1]?.content.toString().replace(/\r\n/g, '\n')).toBe('Grüße\n');
  });

  it('are named as the author wants', async () => {
    const file = await upload('internal.bin', every);
    const [attachment] = await arrived(await attach([{ file: file.id, name: 'Rechnung Übersicht.bin' }]));
    expect(attachment?.filename).toBe('Rechnung Übersicht.bin');
  });

  it.each(['../secret', 'a\r\nBcc: x@y.example', 'a/b', '..', ''])('are not named %j', async (name) => {
    const file = await upload('plain.bin', every);
    await expect(attach([{ file: file.id, name }])).rejects.toMatchObject({ details: { code: 'INVALID_INPUT' } });
  });

  it('stay as they were accepted when the file is replaced or deleted afterwards', async () => {
    const gate = createGate();
    server.play({ replies: { connect: [gate], mail: [gate] } });
    const replaced = await upload('offer.txt', Buffer.from('first version'), 'text/plain');
    const deleted = await upload('terms.txt', Buffer.from('the terms'), 'text/plain');
    const submission = await attach([{ file: replaced.id }, { file: deleted.id }]);
    await uploads().replace(replaced.id, {
      data: {},
      file: await incoming('offer.txt', Buffer.from('second version'), 'text/plain'),
    });
    await rm(location(deleted));
    await app.strapi.db.query(FILE).delete({ where: { id: deleted.id } });
    gate.open();
    const attachments = await arrived(submission);
    expect(attachments.map(({ content }) => content.toString().trim())).toEqual(['first version', 'the terms']);
  });

  it.each([
    ['invoice\u202efdp.exe', 'invoice_fdp.exe'],
    ['a\r\nBcc: x@y.example', 'a__Bcc: x@y.example'],
    ['../../etc/passwd', '.._.._etc_passwd'],
    ['C:\\autoexec.bat', 'C:_autoexec.bat'],
    ['..', '__'],
    ['', 'attachment'],
    ['Größe 1.txt', 'Größe 1.txt'],
  ])('arrive for the library name %j as %j', async (name, expected) => {
    const file = await upload('plain.bin', every);
    await app.strapi.db.query(FILE).update({ where: { id: file.id }, data: { name } });
    const [attachment] = await arrived(await attach([{ file: file.id }]));
    expect(attachment?.filename).toBe(expected);
  });

  it.each([
    ['name', { name: 'a.bin"\r\nX-Evil: 1\r\n\r\nbody' }],
    ['type', { mime: 'text/plain\r\nX-Evil: 1\r\n\r\nbody' }],
    ['type that is none', { mime: 'nonsense; name="x' }],
  ])('bring no header line along with a hostile %s in the media library', async (_what, data) => {
    const file = await upload('hostile.bin', every);
    await app.strapi.db.query(FILE).update({ where: { id: file.id }, data });
    const [attachment, ...others] = await arrived(await attach([{ file: file.id }]));
    expect(others).toEqual([]);
    expect(attachment?.content.equals(every)).toBe(true);
    expect(server.accepted.at(-1)?.raw.toString('latin1')).not.toMatch(/^X-Evil/im);
    expect(attachment?.headers.has('x-evil')).toBe(false);
  });

  it('are found by a user who may read the media library', async () => {
    const file = await upload('shared.bin', every);
    const [attachment] = await arrived(await attach([{ file: file.id }], { type: 'user', id: reader.id }));
    expect(attachment?.content.equals(every)).toBe(true);
  });

  it('are not found by a user who may not', async () => {
    const file = await upload('private.bin', every);
    await expect(attach([{ file: file.id }], { type: 'user', id: stranger.id })).rejects.toMatchObject({
      details: { code: 'ATTACHMENT_NOT_FOUND', file: file.id },
    });
  });

  it('are found by a user under a condition only where that holds', async () => {
    const role = await app.role(EDITOR);
    await permit(role, ['admin::is-creator']);
    const creator = await app.person({ roles: [role] });
    const own = await upload('own.bin', every, 'application/octet-stream', creator);
    const foreign = await upload('foreign.bin', every, 'application/octet-stream', reader);
    const actor = { type: 'user', id: creator.id } as const;
    expect(await arrived(await attach([{ file: own.id }], actor))).toHaveLength(1);
    await expect(attach([{ file: foreign.id }], actor)).rejects.toMatchObject({
      details: { code: 'ATTACHMENT_NOT_FOUND' },
    });
  });

  it('are not found when there is no such file, or its content is gone', async () => {
    const file = await upload('gone.bin', every);
    await rm(location(file));
    for (const id of [file.id, 999_999])
      await expect(attach([{ file: id }])).rejects.toMatchObject({ details: { code: 'ATTACHMENT_NOT_FOUND' } });
  });

  it.each(['/../../package.json', '../config/admin.js', '/uploads/../../config/admin.js', '/%2e%2e/config/admin.js'])(
    'are nothing outside of the public folder: %s',
    async (url) => {
      const file = await upload('innocent.bin', every);
      const { url: before } = file;
      await app.strapi.db.query(FILE).update({ where: { id: file.id }, data: { url } });
      await expect(attach([{ file: file.id }])).rejects.toMatchObject({ details: { code: 'ATTACHMENT_NOT_FOUND' } });
      await app.strapi.db.query(FILE).update({ where: { id: file.id }, data: { url: before } });
    }
  );

  describe('of a storage provider', () => {
    const requested: string[] = [];
    const storage = (['127.0.0.1', '127.0.0.2'] as const).map((host) => ({
      host,
      server: createServer(({ url = '' }, answer) => {
        requested.push(`${host}${url}`);
        const status = url === '/moved' ? 302 : url === '/gone' ? 404 : 200;
        answer.writeHead(status, { Location: '/file' }).end(every);
      }),
    }));
    beforeAll(() => Promise.all(storage.map(({ host, server: one }) => once(one.listen(0, host), 'listening'))));
    afterAll(() => {
      for (const { server: one } of storage) one.close();
    });
    afterEach(() => void requested.splice(0));

    const kept = async (at: string, from = 0): Promise<{ file: number }> => {
      const file = await upload('kept.bin', every);
      await rm(location(file));
      const { id } = file;
      const { host, server: one } = storage[from] ?? {};
      const data = { provider: 'aws-s3', url: `http://${host}:${(one?.address() as AddressInfo).port}${at}` };
      await app.strapi.db.query(FILE).update({ where: { id }, data });
      return { file: id };
    };
    const NOT_FOUND = { details: { code: 'ATTACHMENT_NOT_FOUND' } };

    it('arrive with every octet', async () => {
      const [attachment] = await arrived(await attach([await kept('/file?signature=x%2Fy')]));
      expect(attachment?.content.equals(every)).toBe(true);
      expect(requested).toEqual(['127.0.0.1/file?signature=x%2Fy']);
    });

    it('are not fetched where a redirect leads', async () => {
      await expect(attach([await kept('/moved')])).rejects.toMatchObject(NOT_FOUND);
      expect(requested).toEqual(['127.0.0.1/moved']);
    });

    it('are not found where the storage does not have them', async () => {
      await expect(attach([await kept('/gone')])).rejects.toMatchObject(NOT_FOUND);
    });

    it('are not fetched from a network that is not allowed', async () => {
      await expect(attach([await kept('/file', 1)])).rejects.toMatchObject(NOT_FOUND);
      expect(requested).toEqual([]);
    });

    it.each(['file:///etc/hostname', 'data:text/plain,x', 'ftp://127.0.0.1/x'])(
      'are not fetched from %s',
      async (url) => {
        const { file } = await kept('/file');
        await app.strapi.db.query(FILE).update({ where: { id: file }, data: { url } });
        await expect(attach([{ file }])).rejects.toMatchObject(NOT_FOUND);
        expect(requested).toEqual([]);
      }
    );
  });

  describe('that the HTML shows', () => {
    const HTML = '<p>Our logo:</p><p><img src="cid:logo" alt="The logo"></p>';
    const mail = async (html: string, attachments: NonNullable<SubmitInput['attachments']>) => {
      const submission = await submit(app, `mailbox:${mailbox}`, { text: undefined, html, attachments });
      expect(await settled(app, submission)).toMatchObject({ state: 'submitted', error: null });
      return simpleParser(server.accepted.at(-1)?.raw ?? '', { skipImageLinks: true });
    };

    it('are in multipart/related with it, by an id that no other message has', async () => {
      const picture = await upload('logo.png', PNG, 'image/png');
      const binary = await upload('every-byte.bin', every);
      const { html, text, attachments, messageId } = await mail(HTML, [
        { file: binary.id },
        { file: picture.id, cid: 'logo' },
      ]);
      const [shown, beside, ...others] = attachments;
      expect(others).toEqual([]);
      expect(shown).toMatchObject({ contentType: 'image/png', contentDisposition: 'inline', related: true });
      expect(shown?.cid).toBe(`logo.${messageId?.slice(1, -1)}`);
      expect(shown?.content).toEqual(await readFile(location(picture)));
      expect(beside).toMatchObject({ filename: 'every-byte.bin', contentDisposition: 'attachment' });
      expect(html).toContain(`<img src="cid:${shown?.cid}" alt="The logo" />`);
      expect(text?.trim()).toBe('Our logo:\n\n[The logo]');
    });

    it('are ordinary attachments if it does not name them', async () => {
      const picture = await upload('logo.png', PNG, 'image/png');
      const { attachments, html } = await mail('<p>No <img src="cid:other" alt="picture">.</p>', [
        { file: picture.id, cid: 'logo' },
      ]);
      expect(attachments).toMatchObject([{ contentType: 'image/png', contentDisposition: 'attachment' }]);
      expect(attachments[0]?.cid).toBeUndefined();
      expect(html).toBe('<p>No <img alt="picture" />.</p>');
    });

    it.each(['image/svg+xml', 'text/html', 'application/pdf', 'image/tiff'])('are never %s', async (mime) => {
      const file = await upload('picture.png', PNG, 'image/png');
      await app.strapi.db.query(FILE).update({ where: { id: file.id }, data: { mime } });
      const attachments = [{ file: file.id }, { file: file.id, cid: 'logo' }];
      await expect(
        submit(app, `mailbox:${mailbox}`, { text: undefined, html: HTML, attachments })
      ).rejects.toMatchObject({ details: { code: 'INVALID_INPUT', path: 'attachments[1].cid' } });
    });
  });

  it('are limited by the size of the message, alone and together', async () => {
    const big = await upload('big.bin', Buffer.alloc(250_000));
    const half = await upload('half.bin', Buffer.alloc(110_000));
    for (const files of [[big], [half, half]])
      await expect(attach(files.map(({ id }) => ({ file: id })))).rejects.toMatchObject({
        status: 413,
        details: { code: 'TOO_LARGE' },
      });
  });

  describe('in memory', () => {
    const letter = (file: number) => ({
      from: `mailbox:${mailbox}`,
      to: ['ada@reader.example'],
      subject: 'Hello',
      text: 'Hello',
      attachments: [{ file }],
    });
    let spy: jest.SpyInstance | undefined;
    /** Counts the files that are opened, and how many are open at the same time. */
    const reads = () => {
      let opened = 0;
      let open = 0;
      let most = 0;
      const original = fs.createReadStream;
      spy = jest.spyOn(fs, 'createReadStream').mockImplementation((...args) => {
        opened += 1;
        open += 1;
        most = Math.max(most, open);
        return original(...args).on('close', () => (open -= 1));
      });
      return { opened: () => opened, most: () => most };
    };

    afterEach(() => spy?.mockRestore());

    it('are not read for a preview, which has the size of the message to the byte', async () => {
      const sizes = [0, 1, 57, 58, 1000, 100_003];
      const files: MediaFile[] = [];
      for (const bytes of sizes) files.push(await upload(`of-${bytes}.bin`, Buffer.alloc(bytes, 7)));
      const input = { ...letter(0), attachments: files.map(({ id }) => ({ file: id })) };
      const opened = reads().opened;
      const { body } = await app.as(reader).post('/submissions/preview', input).expect(200);
      expect(opened()).toBe(0);
      const { body: sent } = await app.as(reader).post('/submissions', input).expect(202);
      const [row] = await app.strapi.db
        .connection('mailboxes_messages as m')
        .join('mailboxes_submissions as s', 's.message', 'm.id')
        .where('s.id', sent.data.id)
        .select('m.size_bytes');
      expect(body.data.size).toBe(Number(row.size_bytes));
    });

    it('are read for a preview where they are messages, which go as they are', async () => {
      const mail = await upload('mail.eml', Buffer.from('Subject: Hello\r\n\r\nHello\r\n'), 'message/rfc822');
      const opened = reads().opened;
      await app.as(reader).post('/submissions/preview', letter(mail.id)).expect(200);
      expect(opened()).toBe(1);
    });

    it('are not read for a message that is refused for its warnings', async () => {
      const { id } = await upload('beside.bin', Buffer.alloc(10, 7));
      const opened = reads().opened;
      const input = { ...letter(id), subject: '' };
      const { body } = await app
        .as(reader)
        .post('/submissions', { ...input, acceptWarnings: [] })
        .expect(409);
      expect({ code: body.error.details.code, opened: opened() }).toEqual({ code: 'WARNINGS', opened: 0 });
      await app
        .as(reader)
        .post('/submissions', { ...input, acceptWarnings: ['NO_SUBJECT'] })
        .expect(202);
      expect(opened()).toBe(1);
    });

    it('are not read for a user over the hourly byte limit, and the refusal reports the remaining bytes', async () => {
      const role = await app.role(EDITOR);
      await permit(role);
      const person = await app.person({ roles: [role] });
      const { id } = await upload('large.bin', Buffer.alloc(100_000, 7));
      for (let n = 0; n < 2; n += 1) await app.as(person).post('/submissions', letter(id)).expect(202);
      const opened = reads().opened;
      const { body, headers } = await app.as(person).post('/submissions', letter(id)).expect(429);
      expect(opened()).toBe(0);
      expect(body.error.details).toMatchObject({ code: 'RATE_LIMITED', limitBytes: 400_000 });
      expect(body.error.details.remainingBytes).toBeLessThan(body.error.details.size);
      expect(headers['retry-after']).toBe(String(body.error.details.retryAfterSeconds));
    });

    it('are those of three messages at the most', async () => {
      const { id } = await upload('some.bin', Buffer.alloc(100_000, 7));
      const { most, opened } = reads();
      await Promise.all(Array.from({ length: 10 }, () => attach([{ file: id }])));
      expect(opened()).toBe(10);
      expect(most()).toBe(3);
    });

    it('do not wait in a transaction, whose connection other submissions may need', async () => {
      const { id } = await upload('within.bin', Buffer.alloc(1000, 7));
      const within = () => app.strapi.db.transaction(() => attach([{ file: id }]));
      const all = await Promise.all([...Array.from({ length: 5 }, () => attach([{ file: id }])), within(), within()]);
      expect(all).toHaveLength(7);
    });
  });
});
