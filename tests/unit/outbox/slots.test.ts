import { createSlots } from '../../../server/src/outbox/slots';

/** A server that does not answer; its promise never resolves. */
const silence = () => new Promise<never>(() => undefined);

describe('slots of a process', () => {
  let freed: number;

  beforeEach(() => {
    freed = 0;
    jest.useFakeTimers();
  });

  afterEach(() => jest.useRealTimers());

  const slotsFor = (concurrency: number) => createSlots({ concurrency, patienceMs: 1000, freed: () => (freed += 1) });
  const lanesOf = (slots: ReturnType<typeof createSlots>) => Object.fromEntries(slots.room()?.held.lanes ?? []);
  const hang = (slots: ReturnType<typeof createSlots>, lane: string, times: number) =>
    Array.from({ length: times }, () => {
      const flight = slots.enter(lane);
      void flight.waits(silence);
      return flight;
    });

  it('are taken by submissions on their way, and free again when these end', () => {
    const slots = slotsFor(5);
    const flights = hang(slots, 'a', 3);
    expect(slots.room()).toMatchObject({ slots: 2, held: { newcomersOnly: false } });
    flights[0]?.end();
    expect(slots.room()).toMatchObject({ slots: 3 });
  });

  it('are left when a server keeps a submission waiting for longer than the patience', () => {
    const slots = slotsFor(5);
    const [first] = hang(slots, 'a', 5);
    jest.advanceTimersByTime(999);
    expect(freed).toBe(0);
    jest.advanceTimersByTime(1);
    expect(freed).toBe(5);
    expect(slots.room()).toMatchObject({ slots: 5, held: { slowPlaces: 45, perSlowLane: 5 } });
    expect(lanesOf(slots)).toEqual({ a: { inFlight: 5, slow: true } });
    first?.end();
    expect(lanesOf(slots)).toEqual({ a: { inFlight: 4, slow: true } });
  });

  it('are not taken by what a slow lane begins anew, until its server answers again', () => {
    const slots = slotsFor(5);
    const [late] = hang(slots, 'a', 1);
    jest.advanceTimersByTime(1000);
    hang(slots, 'a', 2);
    expect(slots.room()).toMatchObject({ slots: 5 });
    late?.end();
    expect(slots.room()).toMatchObject({ slots: 3 });
    expect(lanesOf(slots)).toEqual({ a: { inFlight: 2, slow: false } });
  });

  it('are kept while our own work takes its time, and left when the waits together are too long', async () => {
    const slots = slotsFor(5);
    const flight = slots.enter('a');
    let answer: () => void = () => undefined;
    let worked: () => void = () => undefined;
    void flight.waits(async () => {
      await new Promise<void>((resolve) => (answer = resolve));
      await flight.works(() => new Promise<void>((resolve) => (worked = resolve)));
      await silence();
    });
    jest.advanceTimersByTime(600);
    answer();
    await Promise.resolve();
    await Promise.resolve();
    jest.advanceTimersByTime(60_000);
    expect(lanesOf(slots)).toEqual({ a: { inFlight: 1, slow: false } });
    worked();
    await Promise.resolve();
    await Promise.resolve();
    jest.advanceTimersByTime(399);
    expect(lanesOf(slots)).toEqual({ a: { inFlight: 1, slow: false } });
    jest.advanceTimersByTime(1);
    expect(lanesOf(slots)).toEqual({ a: { inFlight: 1, slow: true } });
  });

  it('have one beside them for lanes that hold none, looked for four times a second at most', () => {
    const slots = slotsFor(2);
    hang(slots, 'a', 2);
    jest.advanceTimersByTime(500);
    expect(slots.room()).toMatchObject({ slots: 1, held: { newcomersOnly: true } });
    expect(slots.room()).toBeNull();
    jest.advanceTimersByTime(250);
    expect(slots.room()).toMatchObject({ slots: 1, held: { newcomersOnly: true } });
    hang(slots, 'b', 1);
    jest.advanceTimersByTime(249);
    expect(slots.room()).toBeNull();
  });

  it('bound what all slow lanes hold together', () => {
    const slots = slotsFor(2);
    for (let lane = 0; lane < 9; lane += 1) hang(slots, `slow-${lane}`, 2);
    jest.advanceTimersByTime(1000);
    expect(slots.room()).toMatchObject({ slots: 2, held: { slowPlaces: 2, perSlowLane: 2 } });
    hang(slots, 'another', 2);
    jest.advanceTimersByTime(1000);
    expect(slots.room()).toMatchObject({ slots: 2, held: { slowPlaces: 0, perSlowLane: 1 } });
    // From now on those that hang take slots; one more is kept for lanes that hold none.
    hang(slots, 'one-more', 2);
    jest.advanceTimersByTime(1000);
    expect(slots.room()).toMatchObject({ slots: 1, held: { slowPlaces: 0, newcomersOnly: true } });
  });
});
