/** The sources themselves, transformed by the test runner; a process of its own sets its own loader. */
module.exports = require('../../../../strapi-server').default;
