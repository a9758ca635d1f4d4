import { once } from 'node:events';
import type { AddressInfo, Server, Socket } from 'node:net';

const HOST = '127.0.0.1';

export interface Listener {
  readonly host: typeof HOST;
  readonly port: number;
  /** Closes all connections and keeps accepting new ones. */
  drop(): void;
  /** Destroys all connections. */
  close(): Promise<void>;
}

/** Lets a server listen on 127.0.0.1. Port 0 is any free one. */
export const listen = async (server: Server, port = 0): Promise<Listener> => {
  const sockets = new Set<Socket>();
  const drop = (): void => sockets.forEach((socket) => socket.destroy());
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(port, HOST);
  await once(server, 'listening');
  return {
    host: HOST,
    port: (server.address() as AddressInfo).port,
    drop,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      drop();
      await closed;
    },
  };
};
