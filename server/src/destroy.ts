import type { Core } from '@strapi/types';
import { pluginOf } from './container';
import { leaveGuard } from './guard/provider';

/** Strapi waits for this before it closes HTTP and the database (delivery §7). */
export default async ({ strapi }: { strapi: Core.Strapi }): Promise<void> => {
  const plugin = pluginOf(strapi);
  // Last: until then HTTP still takes requests.
  await plugin.stopDelivery();
  await plugin.guard.idle();
  leaveGuard(strapi);
};
