'use strict';

// Hooks the TypeScript sources into a process that nothing compiles for: `node -r ./tests/support/typescript.cjs …`.
// Compiled files are kept by content: a suite starts dozens of processes with the same sources.
const { createHash } = require('node:crypto');
const { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } = require('node:fs');
const path = require('node:path');
const { transformSync, version } = require('@swc/core');

const CACHE = path.resolve(__dirname, '../../node_modules/.cache/mailboxes-typescript');

/** The source map's path by the file that was loaded. */
exports.sourceMaps = new Map();

// Two processes may write the same file at once: each renames its own whole one.
const write = (file, text) => {
  const own = `${file}.${process.pid}`;
  writeFileSync(own, text);
  renameSync(own, file);
};

require.extensions['.ts'] = (module, filename) => {
  const source = readFileSync(filename, 'utf8');
  const key = createHash('sha1').update(`${version} ${filename}\n${source}`).digest('hex');
  const compiled = path.join(CACHE, `${key}.js`);
  const sourceMap = path.join(CACHE, `${key}.map`);
  exports.sourceMaps.set(filename, sourceMap);
  if (!existsSync(compiled)) {
    const { code, map } = transformSync(source, {
      filename,
      swcrc: false,
      sourceMaps: true,
      jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
      module: { type: 'commonjs' },
    });
    mkdirSync(CACHE, { recursive: true });
    write(sourceMap, map);
    write(compiled, code);
  }
  // A debugger finds the source by the last line.
  module._compile(`${readFileSync(compiled, 'utf8')}\n//# sourceMappingURL=file://${sourceMap}\n`, filename);
};
