const { port, secrets } = require('../playground.json');

module.exports = {
  host: '127.0.0.1',
  port,
  app: { keys: secrets.appKeys },
  logger: { config: { level: 'warn' }, updates: { enabled: false } },
};
