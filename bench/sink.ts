import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** The mail server of the bench, in a process of its own. */
export interface Sink {
  port: number;
  /** How many messages it has accepted so far. */
  messages(): Promise<number>;
  stop(): Promise<void>;
}

export const startSink = async (): Promise<Sink> => {
  const child = fork(join(__dirname, 'mail-server.cjs'), [], { execArgv: [] });
  const [{ port }] = (await once(child, 'message')) as [{ port: number }];
  return {
    port,
    messages: async () => {
      const answer = once(child, 'message') as Promise<[{ messages: number }]>;
      child.send('count');
      return (await answer)[0].messages;
    },
    stop: async () => {
      child.disconnect();
      await once(child, 'exit');
    },
  };
};
