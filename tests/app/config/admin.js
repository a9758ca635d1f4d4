module.exports = () => ({
  auth: { secret: 'test-auth-secret' },
  apiToken: { salt: 'test-api-salt' },
  transfer: { token: { salt: 'test-transfer-salt' } },
  secrets: { encryptionKey: process.env.TEST_ENCRYPTION_KEY || undefined },
  rateLimit: { enabled: false },
  serveAdminPanel: false,
});
