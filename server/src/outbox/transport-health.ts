import type { Core } from '@strapi/types';
import type { Transport } from '../domain/identity';
import type { Pause } from '../domain/mailbox';
import type { Mark, Outcome } from '../domain/outcome';
import { laneOf } from '../domain/lane';
import { coalesce } from '../database/coalesce';
import { connectionOf, inTransaction } from '../database/transaction';
import { markTransport, pauseTransport, troubledTransports } from './transport-state';

export interface TransportHealthDependencies {
  strapi: Core.Strapi;
  /** Returns the current settings version of a transport; `null` for one without settings of its own. */
  versionOf: (transport: Transport) => Promise<string | null>;
  paused: (id: string, pause: Pause) => void;
  recovered: (id: string) => void;
}

const isGood = (mark: Mark): boolean => mark === 'sender-accepted' || mark === 'reached';

/** Updates pauses, circuits and streaks of transports from the results of attempts (delivery §4). */
export const createTransportHealth = ({ strapi, versionOf, paused, recovered }: TransportHealthDependencies) => {
  /** A success changes only transports with a streak of failures: one query finds them for many attempts. */
  const countGood = coalesce(async (marks: readonly { lane: string; mark: Mark }[]) => {
    const lanes = [...new Set(marks.map(({ lane }) => lane))];
    const troubled = new Set(await troubledTransports(connectionOf(strapi), lanes));
    for (const { lane, mark } of marks) if (troubled.has(lane)) await count(lane, mark);
    return marks.map(() => undefined);
  });

  return recordResult;

  /** @param version settings version of the attempt; a newer version is not affected */
  async function recordResult(transport: Transport, { pause, mark }: Outcome, version: string | null): Promise<void> {
    const lane = laneOf(transport);
    if (mark !== null && isGood(mark) && !pause) return countGood({ lane, mark });
    const now = await versionOf(transport);
    if (version !== null && now !== null && now !== version) return;
    if (mark !== null) await count(lane, mark);
    if (pause && (await inTransaction(strapi, (trx) => pauseTransport(trx, lane, pause)))) paused(lane, pause);
  }

  async function count(lane: string, mark: Mark): Promise<void> {
    const change = await inTransaction(strapi, (trx) => markTransport(trx, lane, mark));
    if (change?.kind === 'paused') paused(lane, change.pause);
    if (change?.kind === 'recovered') recovered(lane);
  }
};
