import { CONCURRENCY, type KillRun } from './kill-run';
import type { Entry } from './ledger';

/** Result of a run (delivery §8). Lists hold the recipients' addresses, so that a failure can be traced. */
export interface Verdict {
  mails: number;
  submitted: number;
  uncertain: number;
  /** Number of uncertain mails that the server accepted. */
  uncertainButAccepted: number;
  /** Accepted by the plugin, but neither on the server nor in a state that reports the failure. */
  lost: string[];
  /** Accepted by the server more than once. */
  doubled: string[];
  /** Marked uncertain although the server never replied 354. */
  uncertainWithout354: string[];
  /** Upper bound of uncertain mails: those in flight at each kill, and those dropped by the server after the dot. */
  uncertainAtMost: number;
  /** Claims that ended with their process before transmission: another attempt must follow. */
  killedWhileClaimed: number;
  killedWhileClaimedAndNotSent: string[];
  /** Counters of `health` that differ from the rows. */
  healthDiffers: string[];
  /** Marked submitted, but missing on the server. */
  claimedSubmitted: string[];
}

/** Whether an attempt ended before transmission and another followed. */
const brokeOffWhileClaimed = ({ history, claims }: Entry): boolean =>
  history.some(({ claim, transmitting, reply }) => claim < claims && !transmitting && reply === null);

/** Counts the rows one by one, because the counters of `health` must be exact. */
const differences = (health: KillRun['health'], entries: readonly Entry[]): string[] => {
  const count = (...states: Entry['state'][]): number => entries.filter(({ state }) => states.includes(state)).length;
  const expected: Record<string, number> = {
    accepted: entries.length,
    submitted: count('submitted'),
    failed: count('failed'),
    uncertain: count('uncertain'),
    canceled: count('canceled'),
    waiting: count('held', 'queued', 'submitting'),
  };
  return Object.entries(expected)
    .filter(([name, value]) => health[name] !== value)
    .map(([name, value]) => `${name} ${health[name]} instead of ${value}`);
};

export const judge = ({ options, acknowledged, entries, server, health }: KillRun): Verdict => {
  const acceptedTimes = new Map<string, number>();
  const wentAhead = new Set<string>();
  for (const { envelope, outcome } of server.transactions) {
    if (outcome !== 'dropped-before-354') for (const to of envelope.to) wentAhead.add(to);
    if (outcome === 'accepted' || outcome === 'accepted-without-reply')
      for (const to of envelope.to) acceptedTimes.set(to, (acceptedTimes.get(to) ?? 0) + 1);
  }
  const has = (email: string): boolean => (acceptedTimes.get(email) ?? 0) > 0;
  const known = new Map(entries.map((entry) => [entry.email, entry]));
  const uncertain = entries.filter(({ state }) => state === 'uncertain');
  const submitted = entries.filter(({ state }) => state === 'submitted');
  const emails = (some: readonly Entry[]): string[] => some.map(({ email }) => email);
  const brokenOff = entries.filter(brokeOffWhileClaimed);
  const droppedAfterDot = server.transactions.filter(
    ({ outcome }) => outcome === 'dropped-after-dot' || outcome === 'accepted-without-reply'
  ).length;

  return {
    mails: entries.length,
    submitted: submitted.length,
    uncertain: uncertain.length,
    uncertainButAccepted: uncertain.filter(({ email }) => has(email)).length,
    lost: [...new Set([...acknowledged.keys(), ...known.keys()])].filter((email) => {
      const entry = known.get(email);
      return (
        !entry || !['submitted', 'uncertain'].includes(entry.state) || (entry.state === 'submitted' && !has(email))
      );
    }),
    doubled: [...acceptedTimes].filter(([, times]) => times > 1).map(([email]) => email),
    uncertainWithout354: emails(uncertain.filter(({ email }) => !wentAhead.has(email))),
    uncertainAtMost: options.kills * CONCURRENCY + droppedAfterDot,
    killedWhileClaimed: brokenOff.length,
    killedWhileClaimedAndNotSent: emails(
      brokenOff.filter(({ state, history }) => state !== 'submitted' && !history.at(-1)?.transmitting)
    ),
    healthDiffers: differences(health, entries),
    claimedSubmitted: emails(submitted.filter(({ email }) => !has(email))),
  };
};

/** Returns one sentence for each broken guarantee. */
export const broken = (run: KillRun): string[] => {
  const verdict = judge(run);
  const { kills, faults, retriesExpiredLeases } = run.options;
  const faultless = kills === 0 && !faults;
  const found = (what: string, emails: readonly string[]): string[] =>
    emails.length > 0 ? [`${what}: ${emails.slice(0, 10).join(', ')}`] : [];
  if (retriesExpiredLeases) return verdict.doubled.length > 0 ? [] : ['the control has doubled nothing'];
  return [
    ...found(`${verdict.lost.length} lost`, verdict.lost),
    ...found(`${verdict.doubled.length} doubled`, verdict.doubled),
    ...found('uncertain without 354', verdict.uncertainWithout354),
    ...found('submitted, and the server has it not', verdict.claimedSubmitted),
    ...found('killed while claimed and not taken up again', verdict.killedWhileClaimedAndNotSent),
    ...found('health', verdict.healthDiffers),
    ...(verdict.uncertain > verdict.uncertainAtMost
      ? [`${verdict.uncertain} uncertain, at most ${verdict.uncertainAtMost} can be`]
      : []),
    ...(faultless && verdict.submitted !== verdict.mails ? ['without faults not all were submitted'] : []),
  ];
};

/** A row of the table that `npm run test:kill` prints. */
export const rowOf = (run: KillRun) => {
  const { database, processes, kills } = run.options;
  const verdict = judge(run);
  return {
    database,
    processes,
    kills,
    mails: verdict.mails,
    submitted: verdict.submitted,
    uncertain: verdict.uncertain,
    'of these accepted': verdict.uncertainButAccepted,
    lost: verdict.lost.length,
    doubled: verdict.doubled.length,
    'claims taken up again': verdict.killedWhileClaimed,
    seconds: run.seconds,
  };
};
