import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Core } from '@strapi/types';

const NO_PAGE = "This process only delivers mail (delivery.role is 'deliver'); it serves no page and no API.\n";

/** Time limit of a readiness check: probes give up earlier or later, a check must not pile up. */
const READY_MS = 5_000;

/**
 * Replaces the HTTP handler of a process that only delivers. `/_health` answers as long as the process runs, as Strapi's
 * does; `/_ready` answers 204 or, with the reason, 503; every other request gets 503, so that a load balancer with this
 * process among its servers uses another one.
 *
 * The handler is replaced below Koa: plugins and the application add middlewares in any order, and none may serve a page.
 *
 * @param problem returns why nothing can be delivered at the moment, or null
 */
export const serveNoPages = (strapi: Core.Strapi, problem: () => Promise<string | null>): void => {
  const { httpServer } = strapi.server;
  const check = shared(() => within(READY_MS, problem));
  httpServer.removeAllListeners('request');
  httpServer.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const path = (request.url ?? '').split('?', 1)[0];
    if (path === '/_health') return answer(response, 204);
    if (path !== '/_ready') return answer(response, 503, NO_PAGE);
    void check().then((found) => (found === null ? answer(response, 204) : answer(response, 503, `${found}\n`)));
  });
  // Without a listener, Node passes an upgrade to the handler above; another plugin's listener would serve it.
  httpServer.on('upgrade', (_request: IncomingMessage, socket: Socket) => socket.destroy());
};

const answer = (response: ServerResponse, status: number, text = ''): void => {
  response.writeHead(status, text === '' ? {} : { 'Content-Type': 'text/plain; charset=utf-8' });
  response.end(text);
};

/** Callers at the same time share one run. */
const shared = <T>(work: () => Promise<T>): (() => Promise<T>) => {
  let running: Promise<T> | null = null;
  return () => (running ??= work().finally(() => (running = null)));
};

const within = async (ms: number, problem: () => Promise<string | null>): Promise<string | null> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`The database has not answered for ${ms / 1000} seconds.`), ms);
  });
  try {
    return await Promise.race([problem().catch(() => 'The database does not answer.'), late]);
  } finally {
    clearTimeout(timer);
  }
};
