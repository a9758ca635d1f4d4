import type { Core } from '@strapi/types';
import { pluginOf } from './container';
import { removeGuard } from './guard/provider';

/** Strapi waits for this before it closes HTTP and the database (delivery §7). */
export default async ({ strapi }: { strapi: Core.Strapi }): Promise<void> => {
  const plugin = pluginOf(strapi);
  await Promise.all([plugin.stopDelivery(), plugin.words.stop()]);
  // HTTP still accepts requests during the shutdown of delivery, so the guard ends last.
  await plugin.guard.idle();
  removeGuard(strapi);
};
