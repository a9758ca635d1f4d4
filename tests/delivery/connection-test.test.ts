import { createConnectionTest, type TestStep, type TestTarget } from '../../server/src/smtp/connection-test';
import { createNetworkRule } from '../../server/src/network/target-rule';
import { makeCertificates, type TestCertificates } from '../support/smtp/certificates';
import { startScriptedServer, type ScriptedServer } from '../support/smtp/scripted-server';

const LOGIN = { type: 'password', username: 'news', password: 'correct horse' } as const;

let certificates: TestCertificates;
let server: ScriptedServer | null = null;

beforeAll(async () => {
  certificates = await makeCertificates();
});

afterEach(async () => {
  await server?.close();
  server = null;
});

const run = async (target: Partial<TestTarget> = {}, limits: { deadlineMs?: number } = {}): Promise<TestStep[]> =>
  createConnectionTest({
    ...limits,
    network: createNetworkRule({ allow: ['127.0.0.1', 'unknown.example'] }),
    trustedRoots: [certificates.caPem],
    timeoutMs: 700,
  })({
    host: '127.0.0.1',
    port: server?.port ?? 1,
    encryption: 'starttls',
    auth: LOGIN,
    email: 'news@club.example',
    ...target,
  });

type Start = () => Parameters<typeof startScriptedServer>[0];

const OLD_TLS = { maxVersion: 'TLSv1.1', minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;

/** The steps before the failing one are fine, those after it not reached. */
const summary = (steps: readonly TestStep[]) => steps.map(({ step, ok }) => `${step}:${ok}`).join(' ');

describe('a connection test', () => {
  it('passes every step of a server that takes the mailbox, and sends nothing', async () => {
    server = await startScriptedServer({ starttls: certificates, users: { news: 'correct horse' } });
    const steps = await run();
    expect(summary(steps)).toBe('dns:true connect:true tls:true auth:true mail-from:true rcpt-to:true');
    expect(steps[2]?.detail).toMatch(/issued by .+, valid until /);
    expect(steps[2]?.certificate).toMatchObject({ subject: 'localhost', issuer: 'Test Authority' });
    expect(Date.parse(steps[2]?.certificate?.validTo ?? '')).toBeGreaterThan(0);
    expect([server.got354, server.accepted]).toEqual([0, []]);
  });

  const failures: [
    name: string,
    start: Start | null,
    target: Partial<TestTarget>,
    step: string,
    problem: string,
    words?: RegExp,
  ][] = [
    ['an unknown host', null, { host: 'unknown.example', port: 587 }, 'dns', 'host-unknown'],
    ['a refused port', null, { port: 1 }, 'connect', 'refused'],
    ['a plain server behind TLS', () => ({}), { encryption: 'tls' }, 'tls', 'not-tls'],
    ['a server without STARTTLS', () => ({}), {}, 'tls', 'starttls-not-offered', /^454 4\.7\.0 TLS not available$/],
    [
      'a server that offers TLS 1.1 at most, over STARTTLS',
      () => ({ starttls: certificates, tlsOptions: OLD_TLS }),
      {},
      'tls',
      'tls-version',
    ],
    [
      'a server that offers TLS 1.1 at most, from the start',
      () => ({ tls: certificates, tlsOptions: OLD_TLS }),
      { encryption: 'tls' },
      'tls',
      'tls-version',
    ],
    [
      'a server that hangs up in the handshake after STARTTLS',
      () => ({ starttls: certificates, replies: { starttls: { reply: '220 Ready', thenDrop: true } } }),
      {},
      'tls',
      'tls-broken',
    ],
    [
      'a server that resets the connection in the handshake after STARTTLS',
      () => ({ starttls: certificates, replies: { starttls: { reply: '220 Ready', thenReset: true } } }),
      {},
      'tls',
      'tls-broken',
    ],
    [
      'a server that puts the greeting off',
      () => ({ replies: { connect: '421 4.3.2 Busy' } }),
      {},
      'connect',
      'not-now',
      /^421 4\.3\.2 Busy$/,
    ],
    [
      'a server that puts the login off',
      () => ({ starttls: certificates, replies: { auth: '454 4.7.0 Temporary authentication failure' } }),
      {},
      'auth',
      'not-now',
      /^454 4\.7\.0/,
    ],
    [
      'a server that puts the sender off',
      () => ({ starttls: certificates, replies: { mail: '450 4.7.1 Greylisted' } }),
      {},
      'mail-from',
      'not-now',
      /^450 4\.7\.1 Greylisted$/,
    ],
    ['a self-signed certificate', () => ({ starttls: certificates.selfSigned }), {}, 'tls', 'certificate-issuer'],
    ['an expired certificate', () => ({ starttls: certificates.expired }), {}, 'tls', 'certificate-expired'],
    [
      'a certificate for another name',
      () => ({ tls: certificates.otherHost }),
      { encryption: 'tls' },
      'tls',
      'certificate-name',
    ],
    ['a TLS server behind STARTTLS', () => ({ tls: certificates }), {}, 'tls', 'tls-expected'],
    [
      'a server that wants a login and gets none',
      () => ({ starttls: certificates, replies: { mail: '530 5.7.0 Authentication required' } }),
      { auth: { type: 'none' } },
      'mail-from',
      'auth-needed',
      /^530/,
    ],
    [
      'a password that is not configured',
      () => ({ starttls: certificates }),
      { auth: null },
      'auth',
      'password-missing',
    ],
    ['a server without AUTH', () => ({ starttls: certificates, ehlo: ['PIPELINING'] }), {}, 'auth', 'auth-not-offered'],
    [
      'a server that offers no login with a password',
      () => ({
        starttls: certificates,
        ehlo: ['AUTH XOAUTH2 GSSAPI'],
        replies: { auth: '504 5.7.4 Unrecognized authentication type' },
      }),
      {},
      'auth',
      'auth-not-offered',
      /^504 5\.7\.4/,
    ],
    [
      'a server that offers logins and knows none',
      () => ({ starttls: certificates, replies: { auth: '503 5.5.1 Not here' } }),
      {},
      'auth',
      'auth-not-offered',
      /^503 5\.5\.1 Not here$/,
    ],
    [
      'a wrong password',
      () => ({ starttls: certificates, users: { news: 'another' } }),
      {},
      'auth',
      'auth-refused',
      /^535/,
    ],
    [
      'Microsoft without passwords',
      () => ({ starttls: certificates, replies: { auth: '550 5.7.30 Basic authentication is not supported' } }),
      {},
      'auth',
      'auth-basic-disabled',
      /5\.7\.30/,
    ],
    [
      'Microsoft with SMTP AUTH switched off',
      () => ({
        starttls: certificates,
        replies: {
          auth: '535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Mailbox',
        },
      }),
      {},
      'auth',
      'auth-smtp-disabled',
      /^535 5\.7\.139/,
    ],
    [
      "Google with the account's own password",
      () => ({
        starttls: certificates,
        replies: {
          auth: '535 5.7.8 Username and Password not accepted. https://support.google.com/mail/?p=BadCredentials',
        },
      }),
      {},
      'auth',
      'auth-app-password',
      /^535 5\.7\.8/,
    ],
    [
      'Google without an app password',
      () => ({ starttls: certificates, replies: { auth: '534 5.7.9 Application-specific password required' } }),
      {},
      'auth',
      'auth-app-password',
      /^534 5\.7\.9/,
    ],
    [
      'a refused sender',
      () => ({ starttls: certificates, replies: { mail: '553 5.7.1 Not yours' } }),
      {},
      'mail-from',
      'sender-refused',
      /Not yours/,
    ],
    ['a silent server', () => ({ replies: { connect: { silent: true } } }), {}, 'connect', 'no-greeting'],
    [
      'a server that sends this site away',
      () => ({ replies: { connect: '554 5.7.1 Go away' } }),
      {},
      'connect',
      'greeting-refused',
      /Go away/,
    ],
    ['a server that hangs up', () => ({ replies: { connect: { drop: true } } }), {}, 'connect', 'connection-lost'],
  ];

  it.each(failures.map((row) => ({ row, name: row[0] })))('names the failing step for $name', async ({ row }) => {
    const [, start, target, step, problem, words] = row;
    server = start ? await startScriptedServer(start()) : null;
    const steps = await run(target);
    const failed = steps.filter(({ ok }) => ok === false);
    expect(failed).toMatchObject([{ step, problem }]);
    if (words) expect(failed[0]?.detail).toMatch(words);
    // Only a reply of the server is shown as its words.
    else expect(failed[0]).not.toHaveProperty('detail');
    const at = steps.findIndex(({ ok }) => ok === false);
    const skips = target.encryption === 'none' || target.auth?.type === 'none';
    expect(steps.slice(0, at).every(({ ok }) => ok !== null || skips)).toBe(true);
    expect(steps.slice(at + 1).every(({ ok }) => ok === null)).toBe(true);
    expect(steps).toHaveLength(6);
  });

  it('logs in with LOGIN when the server offers PLAIN and rejects it, as delivery does', async () => {
    server = await startScriptedServer({
      starttls: certificates,
      users: { news: 'correct horse' },
      on: ({ stage, arg }) =>
        stage === 'auth' && arg === 'PLAIN' ? '504 5.5.4 Unrecognized authentication type' : undefined,
    });
    expect(summary(await run())).toBe('dns:true connect:true tls:true auth:true mail-from:true rcpt-to:true');
  });

  it.each([
    ['550 5.1.1 Unknown', 'recipient-refused'],
    ['450 4.2.0 Greylisted', 'recipient-deferred'],
    ['421 4.3.2 Closing', 'recipient-deferred'],
  ])('warns where the own address is answered with %s, which keeps no mail from leaving', async (reply, problem) => {
    server = await startScriptedServer({ starttls: certificates, replies: { rcpt: reply } });
    const steps = await run();
    expect(summary(steps)).toBe('dns:true connect:true tls:true auth:true mail-from:true rcpt-to:null');
    expect(steps[5]).toMatchObject({ problem, detail: reply });
  });

  it.each(['ehlo', 'rcpt'] as const)(
    'ends at its deadline, and closes the connection, where the reply at %s never ends',
    async (stage) => {
      // Each byte comes long before a silence counts as one.
      const endless = { drip: `250-${'x'.repeat(500)}\n250 OK`, everyMs: 20 };
      server = await startScriptedServer({ starttls: certificates, replies: { [stage]: endless } });
      const steps = await run({}, { deadlineMs: 500 });
      expect(steps.filter(({ ok }) => ok === false)).toMatchObject([{ problem: 'too-slow' }]);
      expect(steps).toHaveLength(6);
      await server.waitFor('closed');
    }
  );

  it('never shows the password, even where the server repeats it', async () => {
    server = await startScriptedServer({
      starttls: certificates,
      replies: { auth: '535 5.7.8 "correct horse" is wrong' },
    });
    expect(JSON.stringify(await run())).not.toContain('correct horse');
  });

  it('sends no password over a connection that is not encrypted', async () => {
    server = await startScriptedServer({});
    await run();
    const clear = server.sessions.flatMap(({ lines }) => lines.filter(({ secure }) => !secure).map(({ line }) => line));
    expect(clear.some((line) => /^AUTH/i.test(line))).toBe(false);
  });
});
