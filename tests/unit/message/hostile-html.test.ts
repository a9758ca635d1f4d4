import { cleanHtml } from '../../../server/src/message/clean-html';
import { textOf } from '../../../server/src/message/plain-text';
import { problemsOf } from '../../support/html-problems';
import { HOSTILE_HTML } from '../../support/hostile-html';

const CIDS: ReadonlySet<string> = new Set(['logo']);

it('has a large set of distinct hostile HTML', () => {
  expect(new Set(HOSTILE_HTML).size).toBe(HOSTILE_HTML.length);
  expect(HOSTILE_HTML.length).toBeGreaterThan(250);
});

describe('hostile HTML', () => {
  it.each(HOSTILE_HTML)('runs, loads and escapes nothing, parsed once or twice: %j', async (html) => {
    const cleaned = await cleanHtml(html, CIDS);
    expect(problemsOf(cleaned)).toEqual([]);
    expect(await cleanHtml(cleaned, CIDS)).toBe(cleaned);
    expect(textOf(cleaned)).not.toContain('\0');
  });

  it('stays harmless within ordinary text', async () => {
    for (const html of HOSTILE_HTML)
      expect(problemsOf(await cleanHtml(`<div><p>Hello</p>${html}<table><tr><td>${html}`, CIDS))).toEqual([]);
  });
});
