/** The site and the browser that all files of one jest run share. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { buildAdmin, buildPlugin } from '../../../playground/build.mjs';

const { flags } = JSON.parse(readFileSync(new URL('chromium.json', import.meta.url), 'utf8'));

const startPlayground = async (socket) => {
  // In a process group of its own: Ctrl-C ends jest, and the closed channel then lets the site clean up.
  const child = fork(fileURLToPath(new URL('playground-main.mjs', import.meta.url)), [socket], {
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    detached: true,
  });
  const exited = once(child, 'exit');
  const [message] = await Promise.race([
    once(child, 'message'),
    exited.then(([code]) => [{ failed: `the playground ended with exit code ${code}` }]),
  ]);
  if (message.failed) throw new Error(message.failed);
  return async () => {
    if (child.connected) child.disconnect();
    await exited;
  };
};

const closing = [];

/** `globalSetup`: builds once and starts; the test files find both by the environment. */
export const start = async () => {
  await buildPlugin(console.log);
  await buildAdmin(console.log);
  const folder = mkdtempSync(join(tmpdir(), 'mailboxes-e2e-'));
  closing.push(() => rmSync(folder, { recursive: true, force: true }));
  const socket = join(folder, 'control.sock');
  closing.push(await startPlayground(socket));
  const browser = await chromium.launchServer({
    executablePath: process.env.TEST_CHROMIUM || '/usr/bin/chromium',
    args: flags,
  });
  closing.push(() => browser.close());
  process.env.TEST_PLAYGROUND = socket;
  process.env.TEST_BROWSER = browser.wsEndpoint();
};

/** `globalTeardown` */
export const stop = async () => {
  for (const close of closing.splice(0).reverse()) await close();
};
