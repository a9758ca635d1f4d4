import type { Locator } from 'playwright-core';
import type { Visitor } from './site';

/** More than any page of ours has places to stop at. */
const MOST_STOPS = 80;

/** Presses Tab until the focus is there: who cannot use a mouse has to get there as well. */
export const tabTo = async ({ page }: Visitor, target: Locator): Promise<void> => {
  for (let stop = 0; stop < MOST_STOPS; stop += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not lead to ${String(target)}.`);
};

/** Waits until the focus is there. */
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

/** Opens a drop-down, goes down until the option that says so, and takes it. */
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

/** Down the list until the entry is the one that Enter takes; what was found may still be coming in. */
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
