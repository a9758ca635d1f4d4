'use strict';

const { createHash } = require('node:crypto');
const path = require('node:path');
const { default: Sequencer } = require('@jest/test-sequencer');

const ROOT = path.resolve(__dirname, '../../..');

/** Orders test files by TEST_SEED, so that a hidden dependence on the order shows, and can be repeated. */
module.exports = class SeededSequencer extends Sequencer {
  sort(tests) {
    const seed = process.env.TEST_SEED;
    if (!seed) return super.sort(tests);
    const rank = ({ path: file }) =>
      createHash('sha1')
        .update(`${seed} ${path.relative(ROOT, file)}`)
        .digest('hex');
    return [...tests].sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
  }
};
