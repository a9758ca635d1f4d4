import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A connection to a server that a test can cut. */
export interface TcpProxy {
  readonly port: number;
  /** Closes every connection and rejects new ones, like a server that is down. */
  cut(): void;
  restore(): void;
  close(): Promise<void>;
}

/** Listens on 127.0.0.1 and passes everything on to the server. */
export const startTcpProxy = async (host: string, port: number): Promise<TcpProxy> => {
  const sockets = new Set<Socket>();
  let whole = true;
  const keep = (socket: Socket): Socket => {
    sockets.add(socket);
    // A broken connection is handled by 'close', which follows.
    socket.on('error', () => undefined);
    socket.once('close', () => sockets.delete(socket));
    return socket;
  };
  const server = createServer((near) => {
    keep(near);
    if (!whole) return void near.resetAndDestroy();
    const far = keep(connect(port, host));
    near.pipe(far).pipe(near);
    near.once('close', () => far.destroy());
    far.once('close', () => near.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const end = (): void => {
    for (const socket of sockets) socket.resetAndDestroy();
  };

  return {
    port: (server.address() as AddressInfo).port,
    cut: () => {
      whole = false;
      end();
    },
    restore: () => {
      whole = true;
    },
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      end();
      await closed;
    },
  };
};
