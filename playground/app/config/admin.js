const { secrets } = require('../playground.json');

module.exports = {
  auth: { secret: secrets.auth },
  apiToken: { salt: secrets.apiToken },
  transfer: { token: { salt: secrets.transferToken } },
  secrets: { encryptionKey: secrets.encryption },
  // Somebody who tries out five logins should not have to wait for minutes.
  rateLimit: { enabled: false },
  flags: { nps: false, promoteEE: false },
  autoOpen: false,
};
