/** Which transports ("lanes") get the places of one process: one whose server keeps it waiting must not hold up the others. */

export interface Holding {
  /** Submissions of the lane that this process is sending. */
  inFlight: number;
  /** Its server keeps this process waiting: it takes none of the slots. */
  slow: boolean;
}

/** What one process holds, and what it has left for slow lanes. */
export interface Held {
  lanes: ReadonlyMap<string, Holding>;
  /** Places left for slow lanes, beside the slots. */
  slowPlaces: number;
  /** How many of those one slow lane may hold. */
  perSlowLane: number;
  /** All slots are taken: the one that is left is for a lane that holds none. */
  newcomersOnly: boolean;
}

export const NOTHING_HELD: Held = { lanes: new Map(), slowPlaces: 0, perSlowLane: 0, newcomersOnly: false };

const isSlow = (held: Held, lane: string): boolean => held.lanes.get(lane)?.slow ?? false;

/** Lanes that may get nothing more now: they are not even looked at. */
export const fullLanes = (held: Held): string[] =>
  [...held.lanes]
    .filter(([, { inFlight, slow }]) => {
      if (slow) return held.slowPlaces <= 0 || inFlight >= held.perSlowLane;
      return held.newcomersOnly && inFlight > 0;
    })
    .map(([lane]) => lane);

/**
 * Is there a place for at least one submission of each of these lanes?
 *
 * @param slots free for lanes that are not slow
 */
export const allFit = (lanes: readonly string[], slots: number, held: Held): boolean => {
  const slow = lanes.filter((lane) => isSlow(held, lane)).length;
  return lanes.length - slow <= slots && slow <= held.slowPlaces;
};

/**
 * Shares out the free places one by one, each to the lane that holds fewest; among equals the first one wins.
 *
 * @param budgets how many each lane may have at most, in the order in which they are served
 * @param slots free for lanes that are not slow
 * @returns lanes that get something
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
