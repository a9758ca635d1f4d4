import { hostname } from 'node:os';
import type { Core } from '@strapi/types';
import { dialectOf, nowMs, nowPlusMs } from './dialect';
import { TABLES } from './tables';

const BEAT_MS = 15_000;
/** Unseen for three beats: it is gone. */
const GONE_MS = 3 * BEAT_MS;

export interface PresenceDependencies {
  strapi: Core.Strapi;
  newId: () => string;
  /** Another Strapi process is at work on the same database file. */
  onSecond: (other: { host: string; pid: number }) => void;
  onError: (error: unknown) => void;
  beatMs?: number;
}

/** A process that was killed is not seen as a second one when it comes back. */
const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as { code?: string }).code === 'EPERM';
  }
};

/**
 * SQLite supports one Strapi process (delivery §3): each writes a heartbeat, and the one that finds another's says so.
 * Other databases are made for several, and write nothing.
 */
export const createPresence = ({ strapi, newId, onSecond, onError, beatMs = BEAT_MS }: PresenceDependencies) => {
  const id = newId();
  let timer: NodeJS.Timeout | null = null;
  let told = false;

  const beat = async (): Promise<void> => {
    const knex = strapi.db.connection;
    const row = { host: hostname(), pid: process.pid, seen_at: nowMs(knex) };
    await knex(TABLES.processes)
      .insert({ id, ...row })
      .onConflict('id')
      .merge();
    await knex(TABLES.processes).where('seen_at', '<', nowPlusMs(knex, -GONE_MS)).delete();
    const others: { host: string; pid: number }[] = await knex(TABLES.processes).whereNot({ id }).select('host', 'pid');
    const second = others.find(({ host, pid }) => host !== hostname() || (pid !== process.pid && isAlive(pid)));
    if (second && !told) onSecond(second);
    told = second !== undefined;
  };

  return {
    start: async (): Promise<void> => {
      if (dialectOf(strapi.db.connection) !== 'sqlite') return;
      await beat();
      timer = setInterval(() => void beat().catch(onError), beatMs).unref();
    },
    stop: async (): Promise<void> => {
      if (!timer) return;
      clearInterval(timer);
      await strapi.db.connection(TABLES.processes).where({ id }).delete().catch(onError);
    },
  };
};
