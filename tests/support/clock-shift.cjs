'use strict';

// Preloaded into a process whose clock is wrong: every reading of the time of day is off by CLOCK_SHIFT_MS,
// timers are not. A machine without clock synchronization behaves the same.
const shiftMs = Number(process.env.CLOCK_SHIFT_MS);
const RightDate = Date;

globalThis.Date = class Date extends RightDate {
  constructor(...given) {
    if (given.length === 0) super(RightDate.now() + shiftMs);
    else super(...given);
  }

  static now() {
    return RightDate.now() + shiftMs;
  }
};
