const { database } = require('../playground.json');

module.exports = {
  connection: { client: 'sqlite', connection: { filename: database }, useNullAsDefault: true },
};
