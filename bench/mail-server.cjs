'use strict';

// The receiving server, in a process of its own: accepts and counts every message and stores none, so that the bench
// measures the sender.
const { createServer } = require('node:net');
const { TLSSocket, createSecureContext } = require('node:tls');

const END = Buffer.from('\r\n.\r\n');
let messages = 0;

/** @param secureContext offers STARTTLS and, after it, AUTH; null: neither */
const serve = (secureContext) => (raw) => {
  let socket = raw;
  let command = '';
  let data = null;
  const reply = (text) => socket.write(`${text}\r\n`);

  const features = () => {
    if (!secureContext) return [];
    return socket === raw ? ['STARTTLS'] : ['AUTH PLAIN'];
  };

  const secure = () => {
    raw.off('data', take);
    reply('220 Go ahead');
    socket = new TLSSocket(raw, { isServer: true, secureContext });
    socket.on('error', () => undefined);
    socket.on('data', take);
  };

  const onCommand = (line) => {
    const verb = line.slice(0, 4).toUpperCase();
    if (verb === 'EHLO') {
      const lines = ['sink.example', 'PIPELINING', '8BITMIME', ...features(), 'SMTPUTF8'];
      return reply(lines.map((text, index) => `250${index < lines.length - 1 ? '-' : ' '}${text}`).join('\r\n'));
    }
    if (verb === 'STAR') return secure();
    if (verb === 'AUTH') return reply('235 Welcome');
    if (verb === 'DATA') {
      data = [];
      return reply('354 Go ahead');
    }
    if (verb === 'QUIT') return socket.end('221 Bye\r\n');
    return reply('250 Ok');
  };

  const onData = (chunk) => {
    data.push(chunk);
    const all = data.length === 1 ? chunk : Buffer.concat(data);
    const end = all.indexOf(END);
    if (end < 0) {
      data = [all];
      return;
    }
    data = null;
    messages += 1;
    reply('250 Ok: queued');
    const rest = all.subarray(end + END.length);
    if (rest.length > 0) take(rest);
  };

  const take = (chunk) => {
    if (data) return onData(chunk);
    command += chunk.toString('latin1');
    for (let end = command.indexOf('\r\n'); end >= 0 && !data; end = command.indexOf('\r\n')) {
      const line = command.slice(0, end);
      command = command.slice(end + 2);
      onCommand(line);
    }
    if (data && command !== '') {
      const rest = Buffer.from(command, 'latin1');
      command = '';
      onData(rest);
    }
  };
  raw.setNoDelay(true);
  raw.on('error', () => undefined);
  raw.on('data', take);
  reply('220 sink.example ESMTP');
};

process.once('message', ({ certificate }) => {
  const server = createServer(serve(certificate ? createSecureContext(certificate) : null));
  process.on('message', () => process.send({ messages }));
  server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
});
process.on('disconnect', () => process.exit(0));
