'use strict';

// Lets `bin/mailboxes.mjs` run with the sources instead of `dist/`: `node -r ./tests/support/command-sources.cjs bin/mailboxes.mjs …`.
const Module = require('node:module');
const path = require('node:path');
require('./typescript.cjs');

const SOURCE = path.resolve(__dirname, '../../server/src/command.ts');
const resolve = Module._resolveFilename;

Module._resolveFilename = (request, ...rest) =>
  request === '../dist/command/index.js' ? SOURCE : resolve(request, ...rest);
