const path = require('node:path');

/** The plugin's configuration and the e-mail plugin's come from the test that boots the app. */
module.exports = () => ({
  mailboxes: {
    enabled: process.env.TEST_PLUGIN_DISABLED !== 'true',
    resolve: path.join(__dirname, '..', 'plugins', 'mailboxes'),
    config: JSON.parse(process.env.TEST_PLUGIN_CONFIG || '{}'),
  },
  email: { config: JSON.parse(process.env.TEST_EMAIL_CONFIG || '{}') },
  'users-permissions': { config: { jwtSecret: 'test-jwt-secret' } },
});
