/* Shares the slots of one process among the lanes, so that a slow server does not delay the other lanes. */

export interface Holding {
  /** Submissions of the lane that this process is sending now. */
  inFlight: number;
  /** Its server replies slowly: it uses a slow place, not a slot. */
  slow: boolean;
}

/** Leases of one process by lane, and its free places for slow lanes. */
export interface Held {
  lanes: ReadonlyMap<string, Holding>;
  /** Free places for slow lanes, in addition to the slots. */
  slowPlaces: number;
  /** Maximum of these places per slow lane. */
  perSlowLane: number;
  /** Every slot but the last is taken: that one is for a lane without a lease. */
  newcomersOnly: boolean;
}

export const NOTHING_HELD: Held = { lanes: new Map(), slowPlaces: 0, perSlowLane: 0, newcomersOnly: false };

const isSlow = (held: Held, lane: string): boolean => held.lanes.get(lane)?.slow ?? false;

/** Returns the lanes that have reached their limit; the claim skips them. */
export const fullLanes = (held: Held): string[] =>
  [...held.lanes]
    .filter(([, { inFlight, slow }]) => {
      if (slow) return held.slowPlaces <= 0 || inFlight >= held.perSlowLane;
      return held.newcomersOnly && inFlight > 0;
    })
    .map(([lane]) => lane);

/**
 * Tests whether each of these lanes can get at least one place.
 *
 * @param slots free slots for lanes that are not slow
 */
export const allFit = (lanes: readonly string[], slots: number, held: Held): boolean => {
  const slow = lanes.filter((lane) => isSlow(held, lane)).length;
  return lanes.length - slow <= slots && slow <= held.slowPlaces;
};

/**
 * Gives each free place to the lane with the fewest leases; among equals the first lane wins.
 *
 * @param budgets maximum per lane, in the order in which lanes are served
 * @param slots free slots for lanes that are not slow
 * @returns number of places per lane, without lanes that get none
 */
export const sharesOf = (budgets: ReadonlyMap<string, number>, slots: number, held: Held): Map<string, number> => {
  const shares = new Map<string, number>();
  const full = new Set(fullLanes(held));
  const holds = (lane: string): number => (held.lanes.get(lane)?.inFlight ?? 0) + (shares.get(lane) ?? 0);
  const fill = (lanes: readonly string[], places: number, atMost: number): void => {
    for (let left = places; left > 0; left -= 1) {
      const open = lanes.filter(
        (lane) => (shares.get(lane) ?? 0) < (budgets.get(lane) ?? 0) && holds(lane) < atMost && !full.has(lane)
      );
      const [first, ...others] = open;
      if (first === undefined) return;
      const next = others.reduce((fewest, lane) => (holds(lane) < holds(fewest) ? lane : fewest), first);
      shares.set(next, (shares.get(next) ?? 0) + 1);
    }
  };
  const lanes = [...budgets.keys()];
  fill(
    lanes.filter((lane) => !isSlow(held, lane)),
    slots,
    held.newcomersOnly ? 1 : Infinity
  );
  fill(
    lanes.filter((lane) => isSlow(held, lane)),
    held.slowPlaces,
    held.perSlowLane
  );
  return shares;
};
