'use strict';

// Accepts everything: the cost of Strapi's own provider is not the plugin's.
module.exports = { init: () => ({ send: async () => undefined }) };
