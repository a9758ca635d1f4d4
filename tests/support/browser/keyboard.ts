import type { Locator } from 'playwright-core';
import type { Visitor } from './site';

/** More than the tab stops of any page of the plugin. */
const MOST_STOPS = 80;

/** Presses Tab until the target has the focus: every control must be reachable without a mouse. */
export const tabTo = async ({ page }: Visitor, target: Locator): Promise<void> => {
  for (let stop = 0; stop < MOST_STOPS; stop += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not lead to ${String(target)}.`);
};

/** Waits until the target has the focus. */
export const focused = ({ page }: Visitor, target: Locator): Promise<void> =>
  target.and(page.locator(':focus')).waitFor();

export const press = async (visitor: Visitor, target: Locator, key: 'Enter' | 'Space'): Promise<void> => {
  await tabTo(visitor, target);
  await visitor.page.keyboard.press(key);
};

export const type = async (visitor: Visitor, target: Locator, typed: string): Promise<void> => {
  await tabTo(visitor, target);
  await visitor.page.keyboard.type(typed);
};

/** Opens a drop-down, moves down to the matching option and selects it. */
export const pick = async (visitor: Visitor, dropDown: Locator, option: RegExp): Promise<void> => {
  const { page } = visitor;
  await press(visitor, dropDown, 'Enter');
  const wanted = page.getByRole('option', { name: option }).first();
  await wanted.waitFor();
  for (let step = 0; step < MOST_STOPS; step += 1) {
    if (await wanted.evaluate((element) => element === document.activeElement)) {
      await page.keyboard.press('Enter');
      await wanted.waitFor({ state: 'detached' });
      return;
    }
    await page.keyboard.press('ArrowDown');
  }
  throw new Error(`The arrow keys do not lead to ${String(option)}.`);
};

/** Presses ArrowDown until Enter would select the entry; search results may still be arriving. */
export const arrowTo = async ({ page }: Visitor, entry: string): Promise<void> => {
  const chosen = (): Promise<string> =>
    page.evaluate(async () => {
      await new Promise(requestAnimationFrame);
      const id = document.activeElement?.getAttribute('aria-activedescendant');
      return (id ? document.getElementById(id)?.textContent : null) ?? '';
    });
  for (let presses = 0; !(await chosen()).includes(entry); presses += 1) {
    if (presses > 100) throw new Error(`the keyboard does not reach ${entry}`);
    await page.keyboard.press('ArrowDown');
  }
};
