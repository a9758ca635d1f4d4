import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { buildAdmin, buildPlugin } from './build.mjs';
import { ROOT, SITE, STATE } from './places.mjs';
import { seed } from './seed.mjs';
import { writeApplication, writeSettings } from './site.mjs';
import { LOGINS, PASSWORD, PEOPLE } from './story.mjs';
import { certificatesIn } from './mail/certificates.mjs';
import { startSmtpServer } from './mail/smtp.mjs';
import { createStore } from './mail/store.mjs';
import { startWebServer } from './mail/web.mjs';

const HOST = '127.0.0.1';
const PORTS = { site: 1337, mail: 1080, system: 2525, club: 2587 };

const tryPort = (port) =>
  new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(null));
    probe.listen(port, HOST, () => {
      const { port: got } = probe.address();
      probe.close(() => resolve(got));
    });
  });

/** Returns the usual port, one near it, or any free one. A requested port in use is an error. */
const choosePort = async (asked, usual) => {
  for (let port = usual; asked === undefined && port !== 0 && port < usual + 10; port += 1)
    if ((await tryPort(port)) !== null) return port;
  const port = await tryPort(asked ?? 0);
  if (port === null) throw new Error(`Port ${asked} is in use.`);
  return port;
};

const isRunning = (pid) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
};

/** Two processes on one SQLite file would each move the mailboxes to their own mail server. */
const refuseSecond = async (file) => {
  if (!existsSync(file)) return;
  const { pid, mailPort } = JSON.parse(readFileSync(file, 'utf8'));
  // Process ids are used again, so its page has to be there as well.
  if (isRunning(pid) && (await tryPort(mailPort)) === null)
    throw new Error(`The playground runs already, as process ${pid}: http://${HOST}:${mailPort}`);
};

/**
 * Builds outdated files and starts everything in this process.
 *
 * @param options.port of Strapi; default 1337, or a free one
 * @param options.mailPort of the page with the caught mail; default 1080, or a free one
 * @param options.fresh a new site on free ports, deleted at the end, for tests
 * @param options.reset starts over: deletes people, mailboxes and messages of the site
 * @param options.log called before each slow step
 * @param options.undoSeconds undo window of a site that starts; default 10
 * @returns folder, addresses, people, the caught mail (`mail.messages`, `mail.waitFor(matches)`, `mail.clear()`), the
 *   mail servers, Strapi itself, `down()` and `up({ undoSeconds })` for it alone, and `stop()`
 */
export const start = async ({
  port,
  mailPort,
  fresh = false,
  reset = false,
  undoSeconds = 10,
  log = () => undefined,
} = {}) => {
  process.env.STRAPI_TELEMETRY_DISABLED = 'true';
  // In production Strapi's cookies are for https only.
  process.env.NODE_ENV = 'development';
  mkdirSync(STATE, { recursive: true });
  const folder = fresh ? mkdtempSync(join(STATE, 'fresh-')) : SITE;
  const runningFile = join(folder, 'running.json');
  await refuseSecond(runningFile);
  if (reset) rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const closing = [];
  const stop = async () => {
    for (const close of closing.splice(0).reverse()) await close();
    if (fresh) rmSync(folder, { recursive: true, force: true });
  };

  try {
    await buildPlugin(log);
    const build = await buildAdmin(log);

    const usual = fresh ? { site: 0, mail: 0, system: 0, club: 0 } : PORTS;
    const certificate = await certificatesIn(folder);
    const store = createStore();
    const servers = {
      system: await startSmtpServer({
        name: 'mail.site.example',
        port: await choosePort(undefined, usual.system),
        store,
      }),
      club: await startSmtpServer({
        name: 'smtp.club.example',
        port: await choosePort(undefined, usual.club),
        store,
        certificate: { cert: certificate.cert, key: certificate.key },
        users: LOGINS,
      }),
    };
    closing.push(servers.system.close, servers.club.close);
    const described = Object.entries(servers).map(([key, { name, port: at }]) => ({ key, name, port: at }));
    const web = await startWebServer({ port: await choosePort(mailPort, usual.mail), store, servers: described });
    closing.push(web.close);
    writeFileSync(runningFile, JSON.stringify({ pid: process.pid, mailPort: web.port }));

    const sitePort = await choosePort(port, usual.site);
    const smtp = { system: servers.system.port, club: servers.club.port };
    const settings = { port: sitePort, smtp, ca: certificate.caFile, undoSeconds };
    writeApplication(folder, settings, build);

    const { createStrapi } = createRequire(join(ROOT, 'package.json'))('@strapi/strapi');
    let strapi = null;
    const down = async () => {
      const running = strapi;
      strapi = null;
      await running?.destroy();
    };
    const up = async (changed = {}) => {
      log('Starting Strapi …');
      writeSettings(folder, Object.assign(settings, changed));
      strapi = createStrapi({ appDir: folder, distDir: folder, serveAdminPanel: true, autoReload: false });
      await strapi.load();
      await seed({ strapi, store, port: smtp.club, log });
      await new Promise((resolve, reject) => {
        strapi.server.httpServer.once('error', reject);
        strapi.server.listen(sitePort, HOST, resolve);
      });
    };
    closing.push(down);
    await up();

    return {
      folder,
      url: `http://${HOST}:${sitePort}`,
      adminUrl: `http://${HOST}:${sitePort}/admin`,
      mailUrl: `http://${HOST}:${web.port}`,
      people: Object.fromEntries(
        Object.entries(PEOPLE).map(([key, { email, firstname }]) => [key, { email, firstname, password: PASSWORD }])
      ),
      mail: store,
      servers,
      caFile: certificate.caFile,
      get strapi() {
        return strapi;
      },
      down,
      up,
      stop,
    };
  } catch (error) {
    await stop().catch(() => undefined);
    throw error;
  }
};
