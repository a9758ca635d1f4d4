import type { Auth, Credentials } from '../domain/auth';
import type { Queries } from '../database/dialect';
import type { SecretStore } from './store';

/** The place of a login's secret: the store, by the mailbox's documentId, or the settings themselves. */
export type SecretSource =
  { from: 'store'; mailbox: string; queries: Queries } | { from: 'settings'; password: string | null | undefined };

/** Builds `credentialsFor`, the only reader of secrets for an SMTP login (security 1). */
export function createCredentials(store: Pick<SecretStore, 'open'>) {
  return credentialsFor;

  /** Returns the login with its secret, or why that is not available. An empty password counts as missing. */
  async function credentialsFor(auth: Auth, source: SecretSource): Promise<Credentials> {
    switch (auth.type) {
      case 'none':
        return { ok: true, auth };
      case 'password': {
        const secret = await open(source);
        return secret.state === 'ok'
          ? { ok: true, auth: { ...auth, password: secret.plaintext } }
          : { ok: false, problem: secret.state };
      }
    }
  }

  async function open(source: SecretSource): ReturnType<SecretStore['open']> {
    if (source.from === 'store') return store.open(source.queries, source.mailbox);
    return source.password ? { state: 'ok', plaintext: source.password } : { state: 'missing' };
  }
}

export type CredentialsFor = ReturnType<typeof createCredentials>;
