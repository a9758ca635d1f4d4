import { source } from 'axe-core';
import type axe from 'axe-core';
import type { Look, Visitor } from './site';

type Theme = NonNullable<Look['theme']>;

/**
 * Excluded: Strapi's own menus; on the home page its other widgets, and its heading above ours; and the content that an
 * open list hides from screen readers: the list traps the focus, which axe cannot detect.
 */
const NOT_OURS = [
  ['nav'],
  ['section[aria-labelledby^="plugin::"]:not([aria-labelledby^="plugin::mailboxes."])'],
  ['h2[id^="plugin::"]'],
  ['[data-aria-hidden="true"]'],
];

/** A theme changes nothing but colours, so that all other rules run in one theme only. `null`: all rules. */
const RULES: Record<Theme, string[] | null> = { light: null, dark: ['color-contrast'] };

/** Violations that axe calls serious or critical. */
export const seriousIn = async ({ page }: Visitor, theme: Theme): Promise<string[]> => {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(source);
  const { violations } = await page.evaluate(
    async ({ exclude, runOnly }) => {
      const { axe: run } = window as unknown as { axe: typeof axe };
      return run.run({ exclude }, { resultTypes: ['violations'], ...(runOnly ? { runOnly } : {}) });
    },
    { exclude: NOT_OURS, runOnly: RULES[theme] }
  );
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary}`));
};
