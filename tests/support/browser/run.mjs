/** The site and the browser that all files of one jest run share. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { buildAdmin, buildPlugin } from '../../../playground/build.mjs';

const { flags } = JSON.parse(readFileSync(new URL('chromium.json', import.meta.url), 'utf8'));

const startPlayground = async () => {
  // In a process group of its own: Ctrl-C ends jest, and the closed channel then lets the site clean up.
  const child = fork(fileURLToPath(new URL('playground-main.mjs', import.meta.url)), [], {
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
  const stop = async () => {
    if (child.connected) child.disconnect();
    await exited;
  };
  return { socket: message.socket, stop };
};

const closing = [];

/** `globalSetup`: builds once and starts; the test files find both by the environment. */
export const start = async () => {
  await buildPlugin(console.log);
  await buildAdmin(console.log);
  const playground = await startPlayground();
  closing.push(playground.stop);
  const browser = await chromium.launchServer({
    executablePath: process.env.TEST_CHROMIUM || '/usr/bin/chromium',
    args: flags,
  });
  closing.push(() => browser.close());
  process.env.TEST_PLAYGROUND = playground.socket;
  process.env.TEST_BROWSER = browser.wsEndpoint();
};

/** `globalTeardown` */
export const stop = async () => {
  for (const close of closing.splice(0).reverse()) await close();
};
