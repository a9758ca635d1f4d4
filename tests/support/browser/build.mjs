import { buildAdmin, buildPlugin } from '../../../playground/build.mjs';

/** Before all browser tests, so that no two of them build at the same time. */
export default async () => {
  await buildPlugin(console.log);
  await buildAdmin(console.log);
};
