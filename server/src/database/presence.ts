import { hostname } from 'node:os';
import type { Core } from '@strapi/types';
import { bool, dialectOf, nowMs, nowPlusMs } from './dialect';
import { TABLES } from './tables';

const BEAT_MS = 30_000;
/** Age of a heartbeat after which its process counts as dead. */
const GONE_MS = 3 * BEAT_MS;

export interface PresenceDependencies {
  strapi: Core.Strapi;
  newId: () => string;
  /** Called once when another Strapi process uses the same database file. */
  onSecond: (other: { host: string; pid: number }) => void;
  onError: (error: unknown) => void;
  beatMs?: number;
}

/** Ignores the heartbeat of a killed process, so that its successor does not report a second process. */
const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as { code?: string }).code === 'EPERM';
  }
};

/**
 * Detects a second Strapi process on one SQLite file, which is not supported (delivery §3), by a heartbeat row of each
 * process. Does nothing on other databases.
 */
export const createPresence = ({ strapi, newId, onSecond, onError, beatMs = BEAT_MS }: PresenceDependencies) => {
  const id = newId();
  let timer: NodeJS.Timeout | null = null;
  let reported = false;

  const beat = async (): Promise<void> => {
    const knex = strapi.db.connection;
    const row = { host: hostname(), pid: process.pid, seen_at: nowMs(knex) };
    await knex(TABLES.processes)
      .insert({ id, ...row })
      .onConflict('id')
      .merge();
    const rows: { id: string; host: string; pid: number; gone: unknown }[] = await knex(TABLES.processes)
      .whereNot({ id })
      .select(
        'id',
        'host',
        'pid',
        knex.raw('(CASE WHEN seen_at < ? THEN 1 ELSE 0 END) as gone', [nowPlusMs(knex, -GONE_MS)])
      );
    const gone = rows.filter((row) => bool(row.gone)).map((row) => row.id);
    if (gone.length > 0) await knex(TABLES.processes).whereIn('id', gone).delete();
    const others = rows.filter((row) => !gone.includes(row.id));
    const second = others.find(({ host, pid }) => host !== hostname() || (pid !== process.pid && isAlive(pid)));
    if (second && !reported) onSecond(second);
    reported = second !== undefined;
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
