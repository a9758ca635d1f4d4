import { source } from 'axe-core';
import type axe from 'axe-core';
import { fillPages, PAGES, show, type Ids } from '../support/browser/pages';
import type { Person } from '../support/browser/playground';
import { startSite, type Site, type Visitor } from '../support/browser/site';

/**
 * What axe finds in what we draw. Left out: Strapi's own menus; on the home page its other widgets, and the heading
 * that it draws above ours; and what an open list hides from screen readers: the list keeps the focus for as long as it
 * is open, which axe cannot know.
 */
const NOT_OURS = [
  ['nav'],
  ['section[aria-labelledby^="plugin::"]:not([aria-labelledby^="plugin::mailboxes."])'],
  ['h2[id^="plugin::"]'],
  ['[data-aria-hidden="true"]'],
];

const seriousIn = async ({ page }: Visitor): Promise<string[]> => {
  await page.evaluate(source);
  const { violations } = await page.evaluate(async (exclude) => {
    const { axe: run } = window as unknown as { axe: typeof axe };
    return run.run({ exclude }, { resultTypes: ['violations'] });
  }, NOT_OURS);
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary}`));
};

describe.each(['light', 'dark'] as const)(
  'in the %s theme axe finds nothing serious, and the console no error',
  (theme) => {
    const visitors = new Map<Person, Visitor>();

    beforeAll(async () => {
      for (const who of new Set(PAGES.map((page) => page.who))) visitors.set(who, await site.signIn(who, { theme }));
    });
    afterAll(() => Promise.all([...visitors.values()].map((visitor) => visitor.close())));

    it.each(PAGES)('$title', async (shown) => {
      const visitor = visitors.get(shown.who) as Visitor;
      await show(visitor, shown, ids);
      expect(await seriousIn(visitor)).toEqual([]);
      expect(visitor.complaints()).toEqual([]);
    });
  }
);

let site: Site;
let ids: Ids;

beforeAll(async () => {
  site = await startSite();
  ids = await fillPages(site);
});
afterAll(() => site?.stop());
