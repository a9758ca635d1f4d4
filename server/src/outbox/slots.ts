import type { Held, Holding } from '../domain/shares';

/** A healthy server replies within this time; most slower replies take minutes. */
const PATIENCE_MS = 1_000;
/** Number of slow lanes that may each have as many submissions as the process has slots. */
const SLOW_LANES = 10;
/** Limit of submissions that wait for slow servers: each costs a socket, and up to about 1 MiB within a large body. */
const MAX_SLOW_PLACES = 200;
/** Minimum interval between searches for lanes without a slot while all slots are taken. */
const NEWCOMERS_EVERY_MS = 250;

/** One submission in flight. The server's time counts against the patience, our own work does not. */
export interface Flight {
  /** Runs work that waits for the server. */
  waits<T>(work: () => Promise<T>): Promise<T>;
  /** Runs our own work in between. */
  works<T>(work: () => Promise<T>): Promise<T>;
  /** Returns the same chunks; reading them counts as our own work. */
  reads(chunks: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array>;
}

/** A flight that takes a slot, or one of the places of slow servers, until its end. */
export interface Place extends Flight {
  end(): void;
}

/** For submissions that take no slot. */
export const UNCOUNTED: Flight = { waits: (work) => work(), works: (work) => work(), reads: (chunks) => chunks };

export interface SlotsDependencies {
  /** Number of simultaneous submissions, without those that wait for slow servers. */
  concurrency: number;
  /** Called when a lane becomes slow, which frees its slots. */
  freed: () => void;
  patienceMs?: number;
}

interface Lane {
  inFlight: number;
  /** Number of those that have waited longer than the patience. */
  late: number;
}

/**
 * Counts the submissions in flight of this process, by lane. A lane is slow while one of its submissions has waited for
 * its server longer than the patience, in total: then its submissions take no slot and count against separate places.
 * Hanging lanes thereby never take the slots of working ones, and the number of all submissions stays bounded.
 */
export const createSlots = ({ concurrency, freed, patienceMs = PATIENCE_MS }: SlotsDependencies) => {
  const lanes = new Map<string, Lane>();
  const slowPlaces = Math.min(SLOW_LANES * concurrency, Math.max(MAX_SLOW_PLACES, concurrency));
  let searchedAt = -Infinity;

  return { enter, room, isFull };

  function enter(id: string): Place {
    const lane = lanes.get(id) ?? { inFlight: 0, late: 0 };
    lanes.set(id, lane);
    lane.inFlight += 1;
    const watch = createWatch(patienceMs, () => {
      lane.late += 1;
      freed();
    });
    const works: Flight['works'] = (work) => (watch.isRunning() ? between(watch.stop, work, watch.start) : work());
    return {
      // Work of ours that ends after the server's time must not start the watch again.
      waits: (work) => between(watch.start, work, watch.close),
      works,
      reads: (chunks) => eachBy(chunks, works),
      end: () => {
        watch.close();
        lane.inFlight -= 1;
        if (watch.isLate()) lane.late -= 1;
        if (lane.inFlight === 0) lanes.delete(id);
      },
    };
  }

  /** Whether all slots are taken: another process could begin the next submission earlier. */
  function isFull(): boolean {
    const slow = inFlightOf([...lanes.values()].filter(({ late }) => late > 0));
    return inFlightOf([...lanes.values()]) - Math.min(slow, slowPlaces) >= concurrency;
  }

  /** Returns the room for the next claim; `null` until an attempt ends or becomes late. */
  function room(): { slots: number; held: Held } | null {
    const holdings = new Map<string, Holding>(
      [...lanes].map(([id, { inFlight, late }]) => [id, { inFlight, slow: late > 0 }])
    );
    const slow = [...holdings.values()].filter((holding) => holding.slow);
    // Slow lanes take slots only above the number of their places.
    const inSlots = inFlightOf([...holdings.values()]) - Math.min(inFlightOf(slow), slowPlaces);
    const held: Held = {
      lanes: holdings,
      slowPlaces: Math.max(0, slowPlaces - inFlightOf(slow)),
      perSlowLane: Math.max(1, Math.min(concurrency, Math.floor(slowPlaces / (slow.length + 1)))),
      newcomersOnly: false,
    };
    if (inSlots < concurrency) return { slots: concurrency - inSlots, held };
    if (inSlots > concurrency || performance.now() - searchedAt < NEWCOMERS_EVERY_MS) return null;
    searchedAt = performance.now();
    return { slots: 1, held: { ...held, newcomersOnly: true } };
  }
};

const inFlightOf = (all: readonly { inFlight: number }[]): number =>
  all.reduce((sum, { inFlight }) => sum + inFlight, 0);

/** Sums the time that one submission waits for its server; calls `onLate` once when it exceeds the patience. */
const createWatch = (patienceMs: number, onLate: () => void) => {
  let late = false;
  let closed = false;
  let waited = 0;
  let since: number | null = null;
  let timer: NodeJS.Timeout | undefined;

  return { start, stop, close, isRunning: () => since !== null, isLate: () => late };

  function start(): void {
    if (late || closed || since !== null) return;
    since = performance.now();
    timer = setTimeout(
      () => {
        late = true;
        onLate();
      },
      Math.max(0, patienceMs - waited)
    );
  }

  function stop(): void {
    if (since === null) return;
    waited += performance.now() - since;
    since = null;
    clearTimeout(timer);
  }

  function close(): void {
    stop();
    closed = true;
  }
};

const between = async <T>(before: () => void, work: () => Promise<T>, after: () => void): Promise<T> => {
  before();
  try {
    return await work();
  } finally {
    after();
  }
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
