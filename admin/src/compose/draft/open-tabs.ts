import { newKey } from '../../shared/api/new-key';

const PREFIX = 'strapi-plugin-mailboxes:';

/** Id of this page from load to unload. */
export const thisTab = newKey();

// The browser releases the lock when the page ends, even in a crash. Locks need a secure context.
void navigator.locks?.request(`${PREFIX}${thisTab}`, () => new Promise(() => undefined));

/** Returns the ids of the open pages of this browser; none where locks are unavailable. */
export const openTabs = async (): Promise<ReadonlySet<string>> => {
  const { held = [] } = (await navigator.locks?.query()) ?? {};
  return new Set(held.flatMap(({ name }) => (name?.startsWith(PREFIX) ? [name.slice(PREFIX.length)] : [])));
};
