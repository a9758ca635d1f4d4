import type { Auth } from '../../../server/src/domain/auth';
import { createCredentials, type SecretSource } from '../../../server/src/secrets/credentials';

const NONE: Auth = { type: 'none' };
const NEWS: Auth = { type: 'password', username: 'news' };
const PASSWORD = 'correct horse';

describe('credentials with the secret in the settings', () => {
  const credentialsFor = createCredentials({
    open: async () => {
      throw new Error('the store was read');
    },
  });
  const settings = (password: string | null | undefined): SecretSource => ({ from: 'settings', password });

  it('add the password to the login', async () => {
    expect(await credentialsFor(NEWS, settings(PASSWORD))).toEqual({ ok: true, auth: { ...NEWS, password: PASSWORD } });
  });

  it.each([undefined, null, ''])('are missing with the password %j', async (password) => {
    expect(await credentialsFor(NEWS, settings(password))).toEqual({ ok: false, problem: 'missing' });
  });

  it('contain no password for a login without one', async () => {
    expect(await credentialsFor(NONE, settings(PASSWORD))).toEqual({ ok: true, auth: NONE });
  });

  it('read no store for a login without a secret', async () => {
    const stored = { from: 'store', mailbox: 'abc', queries: null as never } as const;
    expect(await credentialsFor(NONE, stored)).toEqual({ ok: true, auth: NONE });
  });
});
