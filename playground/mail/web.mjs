import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

const HOST = '127.0.0.1';
const asset = (name, type) => ({ type, body: readFileSync(new URL(`page/${name}`, import.meta.url)) });
const ASSETS = {
  '/': asset('index.html', 'text/html; charset=utf-8'),
  '/page.css': asset('page.css', 'text/css; charset=utf-8'),
  '/page.js': asset('page.js', 'text/javascript; charset=utf-8'),
};
const PAGE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; frame-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/** For HTML of a message: no script, no form, nothing from other origins, even when opened in a tab of its own. */
const MAIL_POLICY =
  "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

const text = (addresses) =>
  [addresses ?? []]
    .flat()
    .map((one) => one.text)
    .join(', ') || null;

/** A message as the page and scripts get it. */
const present = ({ id, receivedAt, server, login, tls, envelope, parsed }) => ({
  id,
  receivedAt,
  server,
  login,
  tls,
  envelope,
  from: text(parsed.from),
  sender: text(parsed.headers.get('sender')),
  replyTo: text(parsed.replyTo),
  to: text(parsed.to),
  cc: text(parsed.cc),
  subject: parsed.subject ?? '',
  date: parsed.date ?? null,
  messageId: parsed.messageId ?? null,
  text: parsed.text ?? null,
  html: parsed.html !== false,
  attachments: parsed.attachments.map(({ filename, contentType, size }) => ({
    name: filename ?? 'unnamed',
    type: contentType,
    size,
  })),
});

/**
 * Serves the page with the caught mail.
 *
 *   GET    /api/messages              all, the newest first
 *   GET    /api/messages/1            one
 *   GET    /api/messages/1/html       its HTML, locked up
 *   GET    /api/messages/1/source     as it came
 *   GET    /api/messages/1/attachments/0
 *   DELETE /api/messages              deletes all
 *   GET    /api/events                a line for every change (server-sent events)
 */
export const startWebServer = async ({ port, store, servers }) => {
  const streams = new Set();
  store.onChange(() => streams.forEach((stream) => stream.write('data: changed\n\n')));

  const send = (response, status, type, body, headers = {}) =>
    response
      .writeHead(status, {
        'content-type': type,
        'content-security-policy': PAGE_POLICY,
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cache-control': 'no-store',
        ...headers,
      })
      .end(body);
  const json = (response, value, status = 200) =>
    send(response, status, 'application/json; charset=utf-8', JSON.stringify(value));

  const answerOne = (response, id, part, index) => {
    const message = store.find(id);
    const attachment = message?.parsed.attachments[index];
    if (message && part === undefined) return json(response, present(message));
    if (message && part === 'source') return send(response, 200, 'text/plain; charset=utf-8', message.raw);
    if (message && part === 'html')
      return send(response, 200, 'text/html; charset=utf-8', message.parsed.html || '', {
        'content-security-policy': MAIL_POLICY,
      });
    if (attachment && part === 'attachments')
      return send(response, 200, 'application/octet-stream', attachment.content, {
        'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(attachment.filename ?? 'unnamed')}`,
      });
    return json(response, { error: 'There is no such thing here.' }, 404);
  };

  const server = createServer((request, response) => {
    // Another site that lets its name point to this machine must not read the mail (DNS rebinding).
    if (!/^(127\.0\.0\.1|localhost)(:\d+)?$/.test(request.headers.host ?? ''))
      return json(response, { error: 'Ask for 127.0.0.1 or localhost.' }, 421);
    const { pathname } = new URL(request.url, 'http://localhost');
    const one = /^\/api\/messages\/(\d+)(?:\/(html|source|attachments)(?:\/(\d+))?)?$/.exec(pathname);
    const route = `${request.method} ${pathname}`;
    if (request.method === 'GET' && Object.hasOwn(ASSETS, pathname))
      return send(response, 200, ASSETS[pathname].type, ASSETS[pathname].body);
    if (route === 'GET /api/messages') return json(response, store.messages.map(present).reverse());
    if (route === 'GET /api/servers') return json(response, servers);
    if (route === 'DELETE /api/messages') {
      store.clear();
      return response.writeHead(204).end();
    }
    if (route === 'GET /api/events') {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
      response.write('retry: 1000\n\n');
      streams.add(response);
      return response.on('close', () => streams.delete(response));
    }
    if (request.method === 'GET' && one) return answerOne(response, Number(one[1]), one[2], Number(one[3] ?? -1));
    return json(response, { error: 'There is no such thing here.' }, 404);
  });
  server.listen(port, HOST);
  await once(server, 'listening');

  return {
    port: server.address().port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
