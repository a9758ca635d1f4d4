'use strict';

const fc = require('fast-check');

// A run with the same seed draws the same values; without one, fast-check draws a seed and prints it at a failure.
const seed = process.env.TEST_SEED;
if (seed) fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number.parseInt(seed, 16) | 0 });
