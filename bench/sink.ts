import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { makeCertificates } from '../tests/support/smtp/certificates';

/** The bench's mail server, in a process of its own. */
export interface Sink {
  port: number;
  /** The certificate's authority; null: neither TLS nor login. */
  caPem: string | null;
  /** Returns the number of messages accepted so far. */
  messages(): Promise<number>;
  stop(): Promise<void>;
}

export const startSink = async ({ tls }: { tls: boolean }): Promise<Sink> => {
  const certificates = tls ? await makeCertificates() : null;
  const child = fork(join(__dirname, 'mail-server.cjs'), [], { execArgv: [] });
  child.send({ certificate: certificates && { key: certificates.key, cert: certificates.cert } });
  const [{ port }] = (await once(child, 'message')) as [{ port: number }];
  return {
    port,
    caPem: certificates?.caPem ?? null,
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
