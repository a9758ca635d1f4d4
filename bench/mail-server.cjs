'use strict';

// The receiving side, in a process of its own: takes everything, keeps nothing, says how many messages it has. As little
// as a server can do, so that what is measured is the sender.
const { createServer } = require('node:net');

const END = Buffer.from('\r\n.\r\n');
let messages = 0;

const serve = (socket) => {
  let command = '';
  let data = null;
  socket.setNoDelay(true);
  socket.on('error', () => undefined);
  const reply = (text) => socket.write(`${text}\r\n`);

  const onCommand = (line) => {
    const verb = line.slice(0, 4).toUpperCase();
    if (verb === 'EHLO') return reply('250-sink.example\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 SMTPUTF8');
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
  socket.on('data', take);
  reply('220 sink.example ESMTP');
};

const server = createServer(serve);
server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
process.on('message', () => process.send({ messages }));
process.on('disconnect', () => process.exit(0));
