import { expressionsIn, expressionsOf, isUnbounded, slowText } from '../../support/regular-expressions';

const found = expressionsIn('server/src', 'admin/src');

/** Each expression once: many occur several times. */
const unbounded = [
  ...new Map(
    found.flatMap(({ at, pattern }) => (pattern ? [[String(pattern), { at, pattern }] as const] : []))
  ).values(),
].filter(({ pattern }) => isUnbounded(pattern));

describe('regular expressions of the sources', () => {
  it('are found by the syntax tree', () => {
    expect(
      expressionsOf('const N = 3; a(/x+/g); new RegExp(`^${N}[/]$`, "u"); RegExp(b); // /y/\nconst s = "/z/";', 'a.ts')
    ).toEqual([
      { at: 'a.ts:1', pattern: /x+/g },
      { at: 'a.ts:1', pattern: /^3[/]$/u },
      { at: 'a.ts:1', pattern: null },
    ]);
    expect(unbounded.length).toBeGreaterThan(40);
  });

  it('are known before the run, but for the one that matches the text of a secret', () => {
    expect(found.filter(({ pattern }) => pattern === null).map(({ at }) => at.replace(/:.*/, ''))).toEqual([
      'server/src/secrets/redact.ts',
    ]);
  });

  it.each([
    /[ \t]+$/,
    /(?:a+)+$/,
    /<[^>]*>/g,
    /^(.*?)\s*</s,
    /(?:<p>\s*<\/p>)+$/,
    /(<img [^>]*?\bsrc="cid:)([^"]*)(?=")/g,
    /(?:"(?:[^"\\]|\\.)*"|[^,;">]|")+>?/g,
  ])('are known to be slow where they cost more than linear time: %s', (slow) => {
    expect(slowText(slow, 500)).not.toBeNull();
  });

  it.each(unbounded)('cost linear time for each text: $pattern of $at', ({ pattern }) => {
    expect(slowText(pattern)).toBeNull();
  });
});
