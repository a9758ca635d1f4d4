'use strict';

// Runs as a process of its own, started by boot.ts: starts the test application without a hook for TypeScript, as a
// site starts, and reports time and memory.
const path = require('node:path');
const { createStrapi } = require('@strapi/strapi');

const APP = path.resolve(__dirname, '../tests/app');
const MB = 1024 * 1024;

const main = async () => {
  const strapi = createStrapi({ appDir: APP, distDir: APP, serveAdminPanel: false, autoReload: false });
  await strapi.start();
  // Since the start of the process.
  const ms = performance.now();
  const { user, system } = process.cpuUsage();
  global.gc();
  const { heapUsed, rss } = process.memoryUsage();
  process.send({ ms, cpuMs: (user + system) / 1000, heapMb: heapUsed / MB, rssMb: rss / MB });
  await strapi.destroy();
  process.exit(0);
};

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
