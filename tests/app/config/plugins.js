const path = require('node:path');

/** The plugin's configuration and the e-mail plugin's come from the test that boots the app. */
module.exports = () => ({
  mailboxes: {
    enabled: process.env.TEST_PLUGIN_DISABLED !== 'true',
    // A built package, or the sources.
    resolve: process.env.TEST_PLUGIN_FOLDER || path.join(__dirname, '..', 'plugins', 'mailboxes'),
    config: JSON.parse(process.env.TEST_PLUGIN_CONFIG || '{}'),
  },
  articles: {
    enabled: process.env.TEST_HOST_TYPES === 'true',
    resolve: path.join(__dirname, '..', 'plugins', 'articles'),
  },
  email: { config: JSON.parse(process.env.TEST_EMAIL_CONFIG || '{}') },
  'users-permissions': {
    enabled: process.env.TEST_USERS_PERMISSIONS === 'true',
    resolve: path.dirname(require.resolve('@strapi/plugin-users-permissions/package.json')),
    // Its limit counts in the memory of the process, over all sites that it boots.
    config: { jwtSecret: 'test-jwt-secret', ratelimit: { enabled: false } },
  },
});
