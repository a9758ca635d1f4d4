import type { Locator } from 'playwright-core';
import type { Visitor } from './site';
import { text, type TextKey } from './texts';

/** The Communication pages, as an editor sees and uses them. */
const COMPOSE = 'plugins/mailboxes';

type List = 'from' | 'replyTo';
const LABEL: Record<List, TextKey> = { from: 'compose.from', replyTo: 'compose.reply-to' };

export const fieldOf = ({ page }: Visitor, key: TextKey): Locator =>
  page.getByRole('textbox', { name: text(key), exact: true });

/** The recipients field. */
export const recipientsOf = ({ page }: Visitor, field: 'to' | 'cc' | 'bcc' = 'to'): Locator =>
  page.getByRole('combobox', { name: text(`compose.${field}`), exact: true });

/** The drop-down of From or Reply-To. */
export const dropDown = ({ page }: Visitor, list: List, language: 'en' | 'de' = 'en'): Locator =>
  page.getByRole('combobox', { name: text(LABEL[list], language), exact: true });

/** Loads Compose anew: the panel keeps the message and the identities of an earlier visit in memory. */
export const openCompose = async (visitor: Visitor, language: 'en' | 'de' = 'en'): Promise<void> => {
  await visitor.load(COMPOSE);
  await dropDown(visitor, 'from', language).waitFor();
};

/** Usable options of the drop-down, in its order. */
export const offered = async (
  visitor: Visitor,
  list: List = 'from',
  language: 'en' | 'de' = 'en'
): Promise<string[]> => {
  await dropDown(visitor, list, language).click();
  // Excludes the options of the text field's own select, which are always in the page.
  const options = visitor.page.locator('[role="option"]:not([data-disabled])');
  await options.first().waitFor();
  const texts = await options.allInnerTexts();
  await visitor.page.keyboard.press('Escape');
  await options.first().waitFor({ state: 'detached' });
  return texts;
};

/** Names and addresses of the usable options, without their transport. */
export const identitiesOffered = async (visitor: Visitor, list: List = 'from'): Promise<string[]> =>
  (await offered(visitor, list)).map((option) => /^.*?<[^>]*>/.exec(option.replaceAll('\n', ' '))?.[0] ?? option);

export const choose = async (visitor: Visitor, list: List, option: string | RegExp): Promise<void> => {
  await dropDown(visitor, list).click();
  await visitor.page.getByRole('option', { name: option }).first().click();
};

export interface Written {
  to: string;
  subject: string;
  body?: string;
}

export const write = async (visitor: Visitor, { to, subject, body = 'Hello' }: Written): Promise<void> => {
  await recipientsOf(visitor).fill(to);
  await fieldOf(visitor, 'compose.subject').fill(subject);
  await writeText(visitor, body);
};

/** Types above the signature, which is kept. */
export const writeText = async (visitor: Visitor, body: string): Promise<void> => {
  await fieldOf(visitor, 'compose.text').click({ position: { x: 20, y: 12 } });
  await visitor.page.keyboard.press('Control+Home');
  await visitor.page.keyboard.type(body);
};

/** Waits until the server has confirmed the draft. */
export const saved = async ({ page }: Visitor): Promise<void> => {
  // The editor reports its last letters on blur.
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  await page.getByText(new RegExp(`^${text('draft.saved').split('{')[0]}`)).waitFor();
};

export const send = async ({ page }: Visitor): Promise<void> => {
  await page.getByRole('button', { name: text('compose.send'), exact: true }).click();
};
