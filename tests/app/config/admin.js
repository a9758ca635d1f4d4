module.exports = () => ({
  auth: { secret: 'test-auth-secret' },
  apiToken: { salt: 'test-api-salt' },
  transfer: { token: { salt: 'test-transfer-salt' } },
  // Not undefined: Strapi would keep the key of the boot before, in the same process.
  secrets: { encryptionKey: process.env.TEST_ENCRYPTION_KEY || null },
  rateLimit: { enabled: false },
  serveAdminPanel: false,
});
