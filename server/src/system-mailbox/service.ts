import { authOf, type Auth, type Credentials } from '../domain/auth';
import { SYSTEM_TRANSPORT, DEFAULT_CONNECTIONS } from '../domain/lane';
import type { Core } from '@strapi/types';
import type { SystemMailboxStatus } from '../contracts/answers';
import { iso } from '../contracts/instant';
import type { SmtpInput } from '../contracts/mailbox';
import type { Pause } from '../domain/mailbox';
import type { Settings } from '../contracts/settings';
import type { NetworkRule, TargetProblem } from '../network/target-rule';
import { sendOptions, sendRaw, type EmailProvider } from '../smtp/strapi-provider';
import type { Route } from '../smtp/route';
import { emailConfigOf, readSystemMailbox, takesRaw } from './read';

export interface SystemDependencies {
  strapi: Core.Strapi;
  settings: Settings;
  network: Pick<NetworkRule, 'checkTarget' | 'resolveTarget'>;
  credentialsFor: (
    auth: Auth,
    source: { from: 'settings'; password: string | null | undefined }
  ) => Promise<Credentials>;
  /** Strapi's e-mail provider beneath the guard. */
  provider: EmailProvider;
  /** null: not paused. */
  readPause: () => Promise<(Pause & { at: number }) | null>;
}

/** The system mailbox: address, route and status, over SMTP settings of the configuration or Strapi's e-mail provider. */
export function createSystemMailbox(dependencies: SystemDependencies) {
  const { strapi, settings, network, credentialsFor, provider, readPause } = dependencies;
  const configured = settings.system.transport;

  return { mailbox, route, transport, target, status, checkTransport, weakProvider };

  function mailbox() {
    return readSystemMailbox(
      { from: settings.system.from, overSmtp: configured !== 'strapi-email' },
      emailConfigOf(strapi)
    );
  }

  async function route(): Promise<Route> {
    const pause = await readPause();
    return pause ? { kind: 'paused', pause } : transport();
  }

  async function transport(): Promise<Exclude<Route, { kind: 'paused' }>> {
    if (configured === 'strapi-email') {
      const raw = takesRaw(emailConfigOf(strapi).provider);
      return {
        kind: 'provider',
        send: (message) => (raw ? sendRaw(provider, message) : sendOptions(provider, message)),
      };
    }
    const found = await credentials(configured);
    if (!found.ok) return { kind: 'no-secret', problem: found.problem };
    return {
      kind: 'smtp',
      id: SYSTEM_TRANSPORT,
      version: 'configuration',
      host: configured.host,
      port: configured.port,
      encryption: configured.encryption,
      auth: found.auth,
      connections: DEFAULT_CONNECTIONS,
    };
  }

  /** Returns the SMTP target; null without SMTP settings or address. */
  async function target() {
    const { email } = mailbox();
    if (configured === 'strapi-email' || email === null) return null;
    const { host, port, encryption } = configured;
    const found = await credentials(configured);
    return { host, port, encryption, email, auth: found.ok ? found.auth : null };
  }

  async function status(): Promise<SystemMailboxStatus> {
    const { email } = mailbox();
    const pause = await readPause();
    const pausedBecause = pause ? { ...pause, at: iso(pause.at) } : null;
    return {
      email,
      configured: email !== null,
      transport: configured === 'strapi-email' ? 'provider' : 'smtp',
      state: pause ? 'paused' : 'ok',
      pausedBecause,
    };
  }

  /**
   * Reports settings of `system.transport` that will pause the system mailbox at its first message, by key.
   *
   * @param report called synchronously for problems that need no DNS, later for those of the resolved addresses
   */
  function checkTransport(report: (problem: string) => void): void {
    if (configured === 'strapi-email') return;
    const key = secretKeyOf(authOfSystem(configured));
    if (key !== null && !configured[key])
      report(`config "system.transport.${key}" is missing: nothing leaves over the system mailbox until it is set`);
    const known = network.checkTarget(configured);
    if (!known.ok) report(problemText(configured, known.reason, settings.network));
    else void refusedBy(configured).then((problem) => void (problem && report(problem)));
  }

  /** Returns the name of Strapi's provider if it cannot deliver raw messages (delivery §3a), else null. */
  function weakProvider(): string | null {
    const { provider = 'sendmail' } = emailConfigOf(strapi);
    return configured === 'strapi-email' && !takesRaw(provider) ? provider : null;
  }

  function authOfSystem(configured: SmtpInput): Auth {
    return authOf(configured, mailbox().email ?? '');
  }

  function credentials(configured: SmtpInput): Promise<Credentials> {
    return credentialsFor(authOfSystem(configured), { from: 'settings', password: configured.password });
  }

  async function refusedBy(configured: SmtpInput): Promise<string | null> {
    const target = await network.resolveTarget(configured);
    return target.ok || target.reason === 'unresolved'
      ? null
      : problemText(configured, target.reason, settings.network);
  }
}

/** Returns the key of `system.transport` with the secret of the login; null: the login needs none. */
const secretKeyOf = ({ type }: Auth): 'password' | null => {
  switch (type) {
    case 'none':
      return null;
    case 'password':
      return 'password';
  }
};

const problemText = ({ host, port }: SmtpInput, reason: TargetProblem, { ports }: Settings['network']): string => {
  const key = `config "system.transport.${reason === 'address' ? 'host' : reason}"`;
  switch (reason) {
    case 'host':
      return `${key}: ${JSON.stringify(host)} is neither a host name nor an address`;
    case 'address':
      return `${key}: ${host} is in a private network, where mail servers are refused: name it in "network.allow"`;
    case 'port':
      return `${key}: ${port} is not among "network.ports" (${ports.join(', ')}): add it there, or name the host in "network.allow"`;
    case 'encryption':
      return `${key}: a server without encryption is refused unless its host is named in "network.allow"`;
  }
};
