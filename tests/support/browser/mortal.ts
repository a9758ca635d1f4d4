import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { chromium, type Page } from 'playwright-core';
import { CHROMIUM, FLAGS } from './site';

/** A browser with a profile on disk, which a test can crash. */
export interface MortalBrowser {
  page: Page;
  /** SIGKILL: no write and no `beforeunload` dialog. */
  kill(): Promise<void>;
}

/** A browser profile that survives restarts. */
export interface Profile {
  open(): Promise<MortalBrowser>;
  forget(): void;
}

const endpointOf = async (stderr: NodeJS.ReadableStream): Promise<string> => {
  for await (const line of createInterface({ input: stderr })) {
    const [, endpoint] = /DevTools listening on (ws:\S+)/.exec(line) ?? [];
    if (endpoint !== undefined) return endpoint;
  }
  throw new Error('The browser ended before it listened.');
};

export const createProfile = (): Profile => {
  const folder = mkdtempSync(join(tmpdir(), 'mailboxes-profile-'));
  return {
    open: async () => {
      const child = spawn(
        CHROMIUM,
        [...FLAGS, '--headless', '--remote-debugging-port=0', `--user-data-dir=${folder}`, '--lang=en', 'about:blank'],
        { stdio: ['ignore', 'ignore', 'pipe'], detached: true }
      );
      const exited = once(child, 'exit');
      const browser = await chromium.connectOverCDP(await endpointOf(child.stderr));
      child.stderr.resume();
      const context = browser.contexts()[0] ?? (await browser.newContext());
      return {
        page: context.pages()[0] ?? (await context.newPage()),
        kill: async () => {
          // The whole group: renderers are separate processes.
          process.kill(-(child.pid as number), 'SIGKILL');
          await exited;
          await browser.close().catch(() => undefined);
        },
      };
    },
    forget: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }),
  };
};
