import { newKey } from '../../shared/api/new-key';

const PREFIX = 'strapi-plugin-mailboxes:';

/** This page, from loading to leaving it. */
export const thisTab = newKey();

// Held for as long as the page lives, however it dies. Only secure pages have locks.
void navigator.locks?.request(`${PREFIX}${thisTab}`, () => new Promise(() => undefined));

/** Pagination of this browser that are there now; where nobody can know, none. */
export const openTabs = async (): Promise<ReadonlySet<string>> => {
  const { held = [] } = (await navigator.locks?.query()) ?? {};
  return new Set(held.flatMap(({ name }) => (name?.startsWith(PREFIX) ? [name.slice(PREFIX.length)] : [])));
};
