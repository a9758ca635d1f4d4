/** The connection is chosen by the test that boots the app. */
module.exports = () => ({ connection: JSON.parse(process.env.TEST_CONNECTION) });
