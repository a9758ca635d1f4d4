/**
 * Runs inside the application that pack-proof.mjs makes, after `strapi build`: serves the admin panel until it
 * receives a message to stop. pack-proof-boot.cjs created the administrator.
 */
const main = async () => {
  const { createStrapi } = require('@strapi/strapi');
  const strapi = createStrapi({ appDir: __dirname, distDir: __dirname, serveAdminPanel: true, autoReload: false });
  await strapi.load();
  strapi.server.mount();
  await new Promise((resolve) => strapi.server.httpServer.listen(0, '127.0.0.1', resolve));
  process.on('message', async () => {
    await strapi.destroy();
    process.disconnect();
  });
  process.send({ url: `http://127.0.0.1:${strapi.server.httpServer.address().port}/admin` });
};

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
