import { startMailServer } from './support.mjs';

/** Recipients that the servers reject or defer, to show the resulting states. */
const UNWILLING = {
  nobody: { code: 550, text: '5.1.1 There is no such person here' },
  later: { code: 451, text: '4.7.1 Come back later' },
};

/**
 * A mail server on this machine that takes everything, keeps it in the store, and delivers nothing.
 *
 * @param options.users password by login; with them, mail is taken only after STARTTLS and AUTH, and only from the login
 */
export const startSmtpServer = async ({ name, port, store, certificate, users }) => {
  const server = await startMailServer({
    ...{ name, port, users },
    ...(certificate && { tls: 'starttls', certificate }),
    onMail: (address, login) =>
      users && address.toLowerCase() !== login
        ? { code: 553, text: `5.7.1 ${login} may not send as ${address}` }
        : undefined,
    onRcpt: (address) => UNWILLING[address.split('@')[0].toLowerCase()],
    onMessage: async ({ envelope, raw, authenticatedAs, tls }) => {
      // Deleted from the store, a message is gone.
      server.reset();
      await store.add({ server: name, login: authenticatedAs, tls, envelope, raw });
    },
  });
  return { name, host: server.host, port: server.port, close: server.close };
};
