import type { SmtpAuth } from '../../../server/src/domain/auth';
import { libraryAuthOf, secretsOf } from '../../../server/src/smtp/login';

const PASSWORD: SmtpAuth = { type: 'password', username: 'news', password: 'correct horse' };

describe('a login at a mail server', () => {
  it.each<[SmtpAuth, unknown, string[]]>([
    [{ type: 'none' }, null, []],
    [PASSWORD, { user: 'news', pass: 'correct horse' }, ['correct horse']],
  ])('becomes options of the library and a list of secrets to redact: %j', (auth, options, secrets) => {
    expect(libraryAuthOf(auth)).toEqual(options);
    expect(secretsOf(auth)).toEqual(secrets);
  });
});
