module.exports = () => ({
  host: '127.0.0.1',
  port: 0,
  url: process.env.TEST_SERVER_URL || '',
  app: { keys: ['test-key-a', 'test-key-b'] },
  logger: { config: { level: process.env.TEST_LOG_LEVEL || 'warn' } },
});
