import type { Held, Holding } from '../domain/shares';

/** Time in which servers answer that are well; most of what takes longer takes minutes. */
const PATIENCE_MS = 1_000;
/** So many lanes may be slow, each with as many submissions as the process has slots. */
const SLOW_LANES = 10;
/** A waiting submission costs a socket, and up to about 1 MiB in the middle of a large body. */
const MAX_SLOW_PLACES = 200;
/** While all slots are taken: how often lanes that hold none are looked for, at most. */
const NEWCOMERS_EVERY_MS = 250;

/** One submission on its way; its server's time counts against the patience, our own work does not. */
export interface Flight {
  /** Runs what waits for the server. */
  waits<T>(work: () => Promise<T>): Promise<T>;
  /** Runs our own work in between. */
  works<T>(work: () => Promise<T>): Promise<T>;
  /** The same chunks; reading them is our own work. */
  reads(chunks: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array>;
}

/** For submissions that take no slot. */
export const UNCOUNTED: Flight = { waits: (work) => work(), works: (work) => work(), reads: (chunks) => chunks };

export interface SlotsDependencies {
  /** Submissions that this process sends at the same time, without those that wait for slow servers. */
  concurrency: number;
  /** Called when a lane has become slow: its slots are free. */
  freed: () => void;
  patienceMs?: number;
}

interface Lane {
  inFlight: number;
  /** Of those: how many wait for longer than the patience. */
  late: number;
}

/**
 * Counts what this process sends, by lane. A lane is slow as long as one of its submissions has waited for its server
 * for longer than the patience, in total: then none of its submissions takes a slot, and what it holds counts against
 * places of its own. However many lanes hang, those that work keep the slots; and all together stay bounded.
 */
export const createSlots = ({ concurrency, freed, patienceMs = PATIENCE_MS }: SlotsDependencies) => {
  const lanes = new Map<string, Lane>();
  const slowPlaces = Math.min(SLOW_LANES * concurrency, Math.max(MAX_SLOW_PLACES, concurrency));
  let lookedAt = -Infinity;

  const enter = (id: string): Flight & { end: () => void } => {
    const lane = lanes.get(id) ?? { inFlight: 0, late: 0 };
    lanes.set(id, lane);
    lane.inFlight += 1;
    let late = false;
    let over = false;
    let waited = 0;
    let since: number | null = null;
    let timer: NodeJS.Timeout | undefined;

    const stopWatch = (): void => {
      if (since === null) return;
      waited += performance.now() - since;
      since = null;
      clearTimeout(timer);
    };
    const startWatch = (): void => {
      if (late || over || since !== null) return;
      since = performance.now();
      timer = setTimeout(
        () => {
          late = true;
          lane.late += 1;
          freed();
        },
        Math.max(0, patienceMs - waited)
      );
    };
    const between = async <T>(before: () => void, work: () => Promise<T>, after: () => void): Promise<T> => {
      before();
      try {
        return await work();
      } finally {
        after();
      }
    };
    const works: Flight['works'] = (work) => (since === null ? work() : between(stopWatch, work, startWatch));

    return {
      waits: (work) =>
        between(startWatch, work, () => {
          stopWatch();
          // Work of ours that ends after that is waited for by nobody.
          over = true;
        }),
      works,
      reads: (chunks) => eachBy(chunks, works),
      end: () => {
        stopWatch();
        over = true;
        lane.inFlight -= 1;
        if (late) lane.late -= 1;
        if (lane.inFlight === 0) lanes.delete(id);
      },
    };
  };

  /** What may be claimed now; null: nothing, until something ends or becomes late. */
  const room = (): { slots: number; held: Held } | null => {
    const holdings = new Map<string, Holding>(
      [...lanes].map(([id, { inFlight, late }]) => [id, { inFlight, slow: late > 0 }])
    );
    const slow = [...holdings.values()].filter((holding) => holding.slow);
    const inFlight = (all: readonly Holding[]): number => all.reduce((sum, holding) => sum + holding.inFlight, 0);
    // Beyond their places slow lanes take slots after all.
    const inSlots = inFlight([...holdings.values()]) - Math.min(inFlight(slow), slowPlaces);
    const held: Held = {
      lanes: holdings,
      slowPlaces: Math.max(0, slowPlaces - inFlight(slow)),
      perSlowLane: Math.max(1, Math.min(concurrency, Math.floor(slowPlaces / (slow.length + 1)))),
      newcomersOnly: false,
    };
    if (inSlots < concurrency) return { slots: concurrency - inSlots, held };
    if (inSlots > concurrency || performance.now() - lookedAt < NEWCOMERS_EVERY_MS) return null;
    lookedAt = performance.now();
    return { slots: 1, held: { ...held, newcomersOnly: true } };
  };

  return { enter, room };
};

async function* eachBy(chunks: AsyncIterable<Uint8Array>, works: Flight['works']): AsyncGenerator<Uint8Array> {
  const source = chunks[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await works(() => source.next());
      if (next.done) return;
      yield next.value;
    }
  } finally {
    await source.return?.();
  }
}
