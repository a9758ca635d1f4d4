'use strict';

// Runs as a process of its own, started by server-process.ts: plain JavaScript, because nothing compiles it.
const { createHash } = require('node:crypto');
const { SMTPServer } = require('smtp-server');

const HOST = '127.0.0.1';

/** mulberry32: the same seed draws the same faults, so that a run that failed can be repeated. */
const createRandom = (seed) => {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

const createDraw = (chance, random) => {
  let drawn = 0;
  return () => {
    if (!chance) return false;
    drawn += 1;
    return 'every' in chance ? drawn % chance.every === 0 : random() < chance.probability;
  };
};

const messageIdIn = (bytes) => {
  const [header] = bytes.toString('latin1').split('\r\n\r\n', 1);
  const match = /^Message-ID:\s*(<[^>\s]+>)/im.exec(header);
  return match ? match[1] : null;
};

/** Random delay of up to `upToMs`: without it, a kill never hits a local server in the middle of a transaction. */
const createDelay = (upToMs, random) => (work) => {
  if (!upToMs) return work();
  setTimeout(work, random() * upToMs);
};

const start = (options) => {
  const random = createRandom(options.seed ?? 1);
  const beforeRcpt = createDelay(options.rcptDelayMs, random);
  const beforeReply = createDelay(options.replyDelayMs, random);
  const dropsBefore354 = createDraw(options.dropBefore354, random);
  const dropsAfterDot = createDraw(options.dropAfterDot, random);
  const greylists = createDraw(options.greylist, random);
  const state = { connections: 0, greylisted: [], transactions: [] };
  const knownTriplets = new Set();
  const sockets = new Map();

  const isGreylisted = (from, to) => {
    const triplet = `${from} ${to}`;
    if (knownTriplets.has(triplet)) return false;
    knownTriplets.add(triplet);
    return greylists();
  };

  /** Reports each step as it happens; works without a listener. */
  const report = (step) => process.send({ type: 'step', step });

  const finish = (transaction, outcome) => {
    transaction.outcome = outcome;
    if (options.keepsLog === false) state.transactions.length = 0;
    process.send({ type: 'completed', outcome });
  };

  const server = new SMTPServer({
    ...(options.certificate ?? { allowInsecureAuth: true }),
    secure: options.tls === 'tls',
    name: 'mail.example',
    disabledCommands: [...(options.tls === 'starttls' ? [] : ['STARTTLS']), ...(options.users ? [] : ['AUTH'])],
    disableReverseLookup: true,
    authOptional: !options.users,
    onAuth: ({ username, password }, _session, callback) =>
      callback(null, options.users?.[username] === password ? { user: username } : {}),
    onRcptTo: ({ address }, { envelope }, callback) => {
      report('rcpt');
      beforeRcpt(() => {
        if (!isGreylisted(envelope.mailFrom.address, address)) return callback();
        state.greylisted.push(address);
        callback(Object.assign(new Error('Greylisted, try again'), { responseCode: 450 }));
      });
    },
    onData: (stream, session, callback) => {
      const socket = sockets.get(session.remotePort);
      const envelope = {
        from: session.envelope.mailFrom.address,
        to: session.envelope.rcptTo.map(({ address }) => address),
      };
      const transaction = {
        envelope,
        messageId: null,
        sha256: null,
        goAheadAt: null,
        dotAt: null,
        outcome: 'incomplete',
      };
      state.transactions.push(transaction);
      // The library calls this before it writes 354, and writes nothing to a destroyed socket.
      if (dropsBefore354()) {
        socket?.destroy();
        return finish(transaction, 'dropped-before-354');
      }
      transaction.goAheadAt = Date.now();
      report('go-ahead');
      const chunks = [];
      stream.on('data', (chunk) => {
        chunks.push(chunk);
        transaction.messageId ??= messageIdIn(Buffer.concat(chunks));
      });
      // The sender died in the middle: the transaction stays incomplete.
      stream.on('error', () => undefined);
      stream.on('end', () => {
        transaction.sha256 = createHash('sha256').update(Buffer.concat(chunks)).digest('hex');
        transaction.dotAt = Date.now();
        report('dot');
        if (!dropsAfterDot()) {
          // Accepted, even if the sender is gone before the reply.
          finish(transaction, 'accepted');
          return beforeReply(callback);
        }
        socket?.destroy();
        finish(transaction, options.dropAfterDot.stored ? 'accepted-without-reply' : 'dropped-after-dot');
      });
    },
  });

  server.on('error', () => undefined);
  server.server.on('connection', (socket) => {
    const { remotePort } = socket;
    state.connections += 1;
    sockets.set(remotePort, socket);
    socket.once('close', () => sockets.get(remotePort) === socket && sockets.delete(remotePort));
  });
  server.listen(options.port ?? 0, HOST, () => {
    process.send({ type: 'listening', port: server.server.address().port });
  });
  return state;
};

let state;
process.on('message', ({ type, options }) => {
  if (type === 'start') state = start(options);
  if (type === 'snapshot') process.send({ type: 'snapshot', snapshot: state });
});
// Stopped, or the test run is gone.
process.on('disconnect', () => process.exit(0));
