import { once } from 'node:events';
import { SMTPServer } from 'smtp-server';

const HOST = '127.0.0.1';

const refusal = (responseCode, text) => Object.assign(new Error(text), { responseCode });

/** Recipients that the servers reject or defer, to show the resulting states. */
const UNWILLING = {
  nobody: refusal(550, '5.1.1 There is no such person here'),
  later: refusal(451, '4.7.1 Come back later'),
};

/**
 * A mail server on this machine that takes everything, keeps it in the store, and delivers nothing.
 *
 * @param options.users password by login; with them, mail is taken only after STARTTLS and AUTH, and only from the login
 */
export const startSmtpServer = async ({ name, port, store, certificate, users }) => {
  const logins = [];
  const server = new SMTPServer({
    name,
    banner: 'Playground',
    disableReverseLookup: true,
    ...(users ? { ...certificate, authMethods: ['PLAIN', 'LOGIN'] } : { authOptional: true }),
    disabledCommands: users ? [] : ['STARTTLS', 'AUTH'],
    onAuth: ({ username = '', password }, _session, callback) => {
      const success = Object.hasOwn(users, username) && users[username] === password;
      logins.push({ username, success });
      callback(
        success ? null : refusal(535, '5.7.8 Wrong login or password'),
        success ? { user: username } : undefined
      );
    },
    onMailFrom: ({ address }, { user }, callback) =>
      callback(
        users && address.toLowerCase() !== user ? refusal(553, `5.7.1 ${user} may not send as ${address}`) : null
      ),
    onRcptTo: ({ address }, _session, callback) => callback(UNWILLING[address.split('@')[0].toLowerCase()] ?? null),
    onData: (stream, session, callback) => {
      const chunks = [];
      stream.on('data', (chunk) => chunks.push(chunk));
      stream.on('error', () => undefined);
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        const envelope = { from: mailFrom ? mailFrom.address : '', to: rcptTo.map(({ address }) => address) };
        store
          .add({
            server: name,
            login: typeof session.user === 'string' ? session.user : null,
            tls: session.secure,
            envelope,
            raw: Buffer.concat(chunks),
          })
          .then(() => callback(null, '2.0.0 Caught'), callback);
      });
    },
  });
  // A client that breaks off is no reason to end everything.
  server.on('error', () => undefined);
  const sockets = new Set();
  server.server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(port, HOST);
  await once(server.server, 'listening');

  return {
    name,
    host: HOST,
    port: server.server.address().port,
    /** Every attempt to sign in. */
    logins,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        sockets.forEach((socket) => socket.destroy());
      }),
  };
};
