import { fork } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';

export interface FullPort {
  port: number;
  close(): Promise<void>;
}

/** More than its queue holds, also where some were accepted while it was starting. */
const FILLERS = 6;

/** A port of 127.0.0.1 on which a connection is neither accepted nor refused, as behind a firewall that drops packets. */
export const openFullPort = async (): Promise<FullPort> => {
  const child = fork(join(__dirname, 'full-port-main.cjs'), [], { execArgv: [] });
  const [port] = (await once(child, 'message')) as [number];
  const fillers = Array.from({ length: FILLERS }, () => connect(port, '127.0.0.1').on('error', () => undefined));
  await Promise.race(fillers.map((socket) => once(socket, 'connect')));
  return {
    port,
    close: async () => {
      for (const socket of fillers) socket.destroy();
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    },
  };
};
