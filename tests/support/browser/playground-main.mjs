/**
 * The playground in a process of its own: jest cannot import its modules, and Strapi must be alone in a process.
 *
 * Seeds a site, keeps a copy, and listens on a socket, whose path it sends to its parent. Requests and answers are JSON, one a line;
 * every change of the caught mail is sent to all connections.
 */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { start } from '../../../playground/start.mjs';

/** The state of a site; its keys, certificates and code stay the same from one reset to the next. */
const STATE = ['data.db', 'public/uploads'];

const present = ({ server, login, tls, envelope, parsed, raw }) => ({
  server,
  login,
  tls,
  envelope,
  from: parsed.from?.text ?? '',
  sender: parsed.headers.get('sender')?.text ?? null,
  replyTo: parsed.replyTo?.text ?? null,
  to: parsed.to?.text ?? '',
  subject: parsed.subject ?? '',
  text: parsed.text ?? '',
  raw: raw.toString(),
});

/** Below the folder for temporary files: the path of a socket has a limit of about 100 characters. */
const socketFolder = mkdtempSync(join(tmpdir(), 'mailboxes-e2e-'));
const starting = start({ fresh: true });
let site;

/** A start, stop or reset of the site; `stop` waits for its end. */
let busy = starting;

const stop = async () => {
  await busy.catch(() => undefined);
  rmSync(socketFolder, { recursive: true, force: true });
  // Where start() failed, it has removed the folder of the site.
  const started = await starting.catch(() => null);
  await started?.stop();
};

/** Strapi removes every listener from the process when it ends, these as well. */
const listen = () => {
  process.removeAllListeners('disconnect').once('disconnect', () => stop().finally(() => process.exit(0)));
};
listen();

const copyState = (from, to) => {
  for (const part of STATE) {
    rmSync(join(to, part), { recursive: true, force: true });
    cpSync(join(from, part), join(to, part), { recursive: true });
  }
};

const down = () => site.down().finally(listen);

const REQUESTS = {
  down,
  up: () => site.up(),
  reset: async ({ undoSeconds }) => {
    await down();
    copyState(join(site.folder, 'seeded'), site.folder);
    site.mail.clear();
    await site.up({ undoSeconds });
  },
};

const serve = (path) => {
  const connections = new Set();
  const mail = () => ({ type: 'mail', messages: site.mail.messages.map(present) });
  const send = (socket, message) => socket.write(`${JSON.stringify(message)}\n`);
  site.mail.onChange(() => connections.forEach((socket) => send(socket, mail())));
  return new Promise((resolve) => {
    createServer((socket) => {
      connections.add(socket);
      socket.on('close', () => connections.delete(socket));
      socket.on('error', () => socket.destroy());
      send(socket, mail());
      send(socket, {
        type: 'ready',
        adminUrl: site.adminUrl,
        url: site.url,
        people: site.people,
        club: { host: site.servers.club.host, port: site.servers.club.port },
      });
      createInterface({ input: socket }).on('line', (line) => {
        const { type, ...rest } = JSON.parse(line);
        busy = REQUESTS[type](rest);
        busy.then(
          () => send(socket, { type: 'done' }),
          (error) => send(socket, { type: 'failed', message: error.stack ?? String(error) })
        );
      });
    }).listen(path, resolve);
  });
};

const prepare = async () => {
  site = await starting;
  await down();
  copyState(site.folder, join(site.folder, 'seeded'));
  const socket = join(socketFolder, 'control.sock');
  await serve(socket);
  return socket;
};

try {
  busy = prepare();
  const socket = await busy;
  if (process.connected) process.send({ socket });
} catch (error) {
  await stop();
  process.send?.({ failed: error.stack ?? String(error) }, () => process.exit(1));
}
