import type { SmtpAuth } from '../domain/auth';
import { plainOrLogin } from './nodemailer-internals';

/** Login methods that replace those of the library, for delivery and the connection test. */
export const LOGIN_METHODS = { PLAIN: plainOrLogin };

/** The library's `auth` option. */
export interface LibraryAuth {
  method?: string;
  user: string;
  pass: string;
}

/** Returns the library's `auth` option; null: the connection does not log in. */
export function libraryAuthOf(auth: SmtpAuth): LibraryAuth | null {
  switch (auth.type) {
    case 'none':
      return null;
    case 'password':
      return { user: auth.username, pass: auth.password };
  }
}

/** Returns the secrets of a login, which no message may contain, should a server repeat them. */
export function secretsOf(auth: SmtpAuth): string[] {
  switch (auth.type) {
    case 'none':
      return [];
    case 'password':
      return [auth.password];
  }
}
