const { secrets } = require('../playground.json');

module.exports = {
  auth: { secret: secrets.auth },
  apiToken: { salt: secrets.apiToken },
  transfer: { token: { salt: secrets.transferToken } },
  secrets: { encryptionKey: secrets.encryption },
  // Trying five logins must not block a visitor for minutes.
  rateLimit: { enabled: false },
  flags: { nps: false, promoteEE: false },
  autoOpen: false,
};
