import { once } from 'node:events';
import { request as open, type IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { connect as encrypt } from 'node:tls';
import { createNetworkRule } from './target-rule';

interface RemoteFile {
  content: AsyncIterable<Uint8Array>;
  /** Null: the answer does not say it. */
  bytes: number | null;
  close: () => Promise<void>;
}

/** For connecting and for the whole file. */
const TIMEOUT_MS = 30_000;

/**
 * Fetches files of storage providers by the rule for mail servers: addresses in private networks need `network.allow`,
 * and the connection goes to the address that was checked. Any port, because storage has any; no redirect, because that
 * would lead elsewhere.
 *
 * @param allow `network.allow`
 */
export const createRemoteFiles =
  (allow: readonly string[]) =>
  /**
   * @returns null: the answer is none of 200 to 299, or the URL is not one of http or https
   * @throws Error as `connectChecked`, or of TLS or HTTP
   */
  async (url: URL): Promise<RemoteFile | null> => {
    const secure = url.protocol === 'https:';
    if (!secure && url.protocol !== 'http:') return null;
    const host = url.hostname.replace(/^\[|\]$/g, '');
    const port = Number(url.port) || (secure ? 443 : 80);
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const network = createNetworkRule({ allow, ports: [port] });
    const socket = await network.connectChecked({ host, port, encryption: 'tls', timeoutMs: TIMEOUT_MS });
    const connection = secure ? encrypt({ socket, ...(isIP(host) === 0 ? { servername: host } : { host }) }) : socket;
    const asked = open({
      createConnection: () => connection,
      host,
      path: url.pathname + url.search,
      headers: { host: url.host },
      signal,
    });
    asked.end();
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    const { statusCode = 0, headers } = answer;
    const close = async (): Promise<void> => void asked.destroy();
    if (statusCode < 200 || statusCode > 299) return close().then(() => null);
    const length = 'content-encoding' in headers ? NaN : Number(headers['content-length'] ?? NaN);
    return { content: answer, bytes: Number.isSafeInteger(length) ? length : null, close };
  };
