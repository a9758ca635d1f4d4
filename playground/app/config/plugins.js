const { readFileSync } = require('node:fs');
const { join } = require('node:path');

const SYSTEM = { name: 'The Club', email: 'noreply@site.example' };

/** A function, and no `require`: a restart in the same process reads the settings again. */
const settings = () => JSON.parse(readFileSync(join(__dirname, '../playground.json'), 'utf8'));

const pluginsOf = ({ plugin, smtp, ca, undoSeconds }) => ({
  mailboxes: {
    enabled: true,
    resolve: plugin,
    config: {
      contact: { text: 'Ask Root for more mailboxes.' },
      system: {
        from: SYSTEM,
        transport: { host: '127.0.0.1', port: smtp.system, encryption: 'none', auth: 'none' },
      },
      delivery: { undoSeconds },
      // The mail servers of the playground run on this machine: a private address and non-default ports.
      network: { allow: ['127.0.0.1'], ca: ca ? [ca] : [] },
      systemActors: { digest: { mailboxes: 'all' } },
    },
  },
  // Catches Strapi's own mail as well, a forgotten password for example.
  email: {
    config: {
      provider: 'nodemailer',
      providerOptions: { host: '127.0.0.1', port: smtp.system, secure: false, ignoreTLS: true },
      settings: { defaultFrom: `${SYSTEM.name} <${SYSTEM.email}>` },
    },
  },
});

module.exports = () => pluginsOf(settings());
