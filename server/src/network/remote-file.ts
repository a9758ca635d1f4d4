import { once } from 'node:events';
import { request as sendRequest, type IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { connect as encrypt } from 'node:tls';
import { createNetworkRule } from './target-rule';

interface RemoteFile {
  content: AsyncIterable<Uint8Array>;
  /** `null` without a usable Content-Length. */
  bytes: number | null;
  close: () => Promise<void>;
}

/** Limit for connecting, and for the whole file. */
const TIMEOUT_MS = 30_000;

/**
 * Fetches files of storage providers under the rule for mail servers: addresses in private networks need
 * `network.allow`, and the connection uses the checked address. Any port, because storage has any; no redirect, because
 * its target is not checked.
 *
 * @param allow `network.allow`
 */
export const createRemoteFiles =
  (allow: readonly string[]) =>
  /**
   * @returns `null` for a status other than 200 to 299, and for a URL other than http or https
   * @throws Error of `connectChecked`, TLS or HTTP
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
    const request = sendRequest({
      createConnection: () => connection,
      host,
      path: url.pathname + url.search,
      headers: { host: url.host },
      signal,
    });
    request.end();
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    const { statusCode = 0, headers } = response;
    const close = async (): Promise<void> => void request.destroy();
    if (statusCode < 200 || statusCode > 299) return close().then(() => null);
    const length = 'content-encoding' in headers ? NaN : Number(headers['content-length'] ?? NaN);
    return { content: response, bytes: Number.isSafeInteger(length) ? length : null, close };
  };
