import type { Visitor } from './site';

/** In Strapi's own dialog, which is open or about to be. */
export const chooseFiles = async ({ page }: Visitor, names: readonly string[]): Promise<void> => {
  const dialog = page.getByRole('dialog');
  for (const name of names)
    await dialog
      .getByRole('checkbox', { name: new RegExp(name) })
      .first()
      .click();
  await dialog.getByRole('button', { name: 'Finish' }).click();
  await dialog.waitFor({ state: 'detached' });
};
