import { mkdtemp, open, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

const MAX_FLUSHES = 200;
const MAX_MS = 2000;

/** Returns durable small writes of the disk per second: every commit waits for at least one. */
const flushesPerSecond = async (): Promise<number> => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'mailboxes-bench-'));
  const file = await open(path.join(folder, 'flush'), 'w');
  const page = Buffer.alloc(4096, 1);
  const startedAt = performance.now();
  let count = 0;
  for (; count < MAX_FLUSHES && performance.now() - startedAt < MAX_MS; count += 1) {
    await file.write(page, 0, page.length, count * page.length);
    await file.sync();
  }
  const flushes = (count * 1000) / (performance.now() - startedAt);
  await file.close();
  await rm(folder, { recursive: true });
  return flushes;
};

export interface Machine {
  cores: number;
  cpu: string;
  memoryGb: number;
  node: string;
  flushesPerSecond: number;
  /** Load of the last minute when the run began. */
  load: number;
}

export const readMachine = async (): Promise<Machine> => ({
  cores: os.cpus().length,
  cpu: os.cpus()[0]?.model.trim() ?? 'unknown',
  memoryGb: Math.round(os.totalmem() / 1024 ** 3),
  node: process.version,
  flushesPerSecond: await flushesPerSecond(),
  load: os.loadavg()[0] ?? NaN,
});
