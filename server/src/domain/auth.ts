/** How a mailbox logs in at its mail server, without the secret. */
export type Auth = { type: 'none' } | { type: 'password'; username: string };

/** A login with its secret, ready for a connection. */
export type SmtpAuth = { type: 'none' } | { type: 'password'; username: string; password: string };

/** Why a secret that the login needs is not available. */
export type SecretProblem = 'missing' | 'unreadable';

export type Credentials = { ok: true; auth: SmtpAuth } | { ok: false; problem: SecretProblem };

/** The login as the API, the configuration and the table of the mailboxes hold it. */
export interface AuthFields {
  auth: Auth['type'];
  username: string | null;
}

/** @param email the mailbox's address, the default for the username */
export function authOf(
  { auth, username }: Pick<AuthFields, 'auth'> & { username?: string | null | undefined },
  email: string
): Auth {
  switch (auth) {
    case 'none':
      return { type: 'none' };
    case 'password':
      return { type: 'password', username: username ?? email };
  }
}

export function fieldsOf(auth: Auth): AuthFields {
  switch (auth.type) {
    case 'none':
      return { auth: auth.type, username: null };
    case 'password':
      return { auth: auth.type, username: auth.username };
  }
}

/** Returns whether the login needs a secret. It was entered for one server, one login and one address (security 3). */
export function hasSecret(auth: Auth): boolean {
  switch (auth.type) {
    case 'none':
      return false;
    case 'password':
      return true;
  }
}

/** Returns whether a secret entered for one login is also that of the other. */
export function sameAuth(one: Auth, other: Auth): boolean {
  switch (one.type) {
    case 'none':
      return other.type === 'none';
    case 'password':
      return other.type === 'password' && other.username === one.username;
  }
}
