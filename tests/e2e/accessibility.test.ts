import { seriousIn } from '../support/browser/axe';
import { fillPages, PAGES, show, type Ids } from '../support/browser/pages';
import type { Person } from '../support/browser/playground';
import { startSite, type Site, type Visitor } from '../support/browser/site';

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
      expect(await seriousIn(visitor, theme)).toEqual([]);
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
