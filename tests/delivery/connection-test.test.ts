import { createConnectionTest, type TestStep, type TestTarget } from '../../server/src/delivery/connection-test';
import { createNetworkRule } from '../../server/src/delivery/network';
import { makeCertificates, type TestCertificates } from '../support/smtp/certificates';
import { startScriptedServer, type ScriptedServer } from '../support/smtp/scripted-server';

const LOGIN = { username: 'news', password: 'correct horse' };

let certificates: TestCertificates;
let server: ScriptedServer | null = null;

beforeAll(async () => {
  certificates = await makeCertificates();
});

afterEach(async () => {
  await server?.close();
  server = null;
});

const run = async (target: Partial<TestTarget> = {}): Promise<TestStep[]> =>
  createConnectionTest({
    network: createNetworkRule({ allow: ['127.0.0.1', 'unknown.example'] }),
    trustedRoots: [certificates.caPem],
    timeoutMs: 700,
  })({
    host: '127.0.0.1',
    port: server?.port ?? 1,
    encryption: 'starttls',
    credentials: LOGIN,
    email: 'news@club.example',
    ...target,
  });

type Start = () => Parameters<typeof startScriptedServer>[0];

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
    ['a server without STARTTLS', () => ({}), {}, 'tls', 'starttls-not-offered'],
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
      { credentials: null },
      'mail-from',
      'auth-needed',
      /^530/,
    ],
    ['a server without AUTH', () => ({ starttls: certificates, ehlo: ['PIPELINING'] }), {}, 'auth', 'auth-not-offered'],
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
    ],
    [
      'Google without an app password',
      () => ({ starttls: certificates, replies: { auth: '534 5.7.9 Application-specific password required' } }),
      {},
      'auth',
      'auth-app-password',
    ],
    [
      'a refused sender',
      () => ({ starttls: certificates, replies: { mail: '553 5.7.1 Not yours' } }),
      {},
      'mail-from',
      'sender-refused',
      /Not yours/,
    ],
    [
      'a refused recipient',
      () => ({ starttls: certificates, replies: { rcpt: '550 5.1.1 Unknown' } }),
      {},
      'rcpt-to',
      'recipient-refused',
      /Unknown/,
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
    const at = steps.findIndex(({ ok }) => ok === false);
    const skips = target.encryption === 'none' || target.credentials === null;
    expect(steps.slice(0, at).every(({ ok }) => ok !== null || skips)).toBe(true);
    expect(steps.slice(at + 1).every(({ ok }) => ok === null)).toBe(true);
    expect(steps).toHaveLength(6);
  });

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
