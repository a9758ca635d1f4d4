import type { TestCertificates } from '../support/smtp/certificates';
import type { ScriptedServerOptions } from '../support/smtp/scripted-server';
import type { SmtpDiffers } from '../support/outbox';

export interface OutcomeRow {
  /** Behaviour of the server. */
  server: (certificates: TestCertificates) => ScriptedServerOptions;
  smtp?: SmtpDiffers;
  /** It takes no message at all: nothing can have gone over its connection before. */
  takesNone?: true;
  /** Over a connection that was used before it is tried at once over a new one. */
  again?: true;
  to?: string[];
  state: 'queued' | 'submitted' | 'failed' | 'uncertain';
  code: string | null;
  paused?: string;
  /** Reply to the connection or the login: kept with the attempt, not shown with the recipients. */
  words?: string | null;
  /** State and reply; the default is one recipient. */
  recipients:
    readonly [state: string, reply: string | null] | Record<string, readonly [state: string, reply: string | null]>;
  /** How often the server was reached and answered for the submission. Default 0. */
  attempts?: number;
  /** Messages the server answered with 250. Default 0. */
  accepted?: number;
}

export const ADA = 'ada@reader.example';
export const OK = '250 2.0.0 Ok: queued';
const LOGGED_IN: SmtpDiffers = { encryption: 'starttls', auth: 'password' };

export const submitted = {
  state: 'submitted',
  code: null,
  recipients: ['accepted', OK],
  attempts: 1,
  accepted: 1,
} as const;
/** The submission waits for its next attempt. */
export const transient = (reply: string | null) =>
  ({ state: 'queued', code: null, recipients: ['deferred', reply] }) as const;
/** As `transient`, before MAIL FROM. */
const notNow = (words: string) => ({ ...transient(null), words }) as const;
/** It waits for its mailbox, which is paused. */
export const paused = (code: string, words: string | null) =>
  ({ state: 'queued', code: null, recipients: ['pending', null], paused: code, words }) as const;

export const before: Record<string, OutcomeRow> = {
  'a connection that is dropped before the greeting': {
    server: () => ({ replies: { connect: { drop: true } } }),
    ...transient(null),
  },
  'a connection that is reset before the greeting': {
    server: () => ({ replies: { connect: { reset: true } } }),
    ...transient(null),
  },
  'a greeting with 421': {
    server: () => ({ greeting: '421 4.3.2 Too busy' }),
    ...notNow('421 4.3.2 Too busy'),
  },
  'a greeting with 554': {
    server: () => ({ greeting: '554 5.7.1 Not you' }),
    ...paused('SERVER_REFUSED', '554 5.7.1 Not you'),
  },
  'EHLO and HELO refused with 5yz': {
    server: () => ({ replies: { ehlo: '550 5.7.1 Go away' } }),
    ...paused('SERVER_REFUSED', '550 5.7.1 Go away'),
  },
  'an endless reply to EHLO': {
    server: () => ({ replies: { ehlo: { flood: '250-and another thing' } } }),
    ...transient(null),
  },
};

export const encryption: Record<string, OutcomeRow> = {
  'STARTTLS not offered': {
    server: () => ({}),
    smtp: LOGGED_IN,
    ...paused('TLS_FAILED', '454 4.7.0 TLS not available'),
  },
  'STARTTLS refused with 4yz though offered': {
    server: (certificates) => ({ starttls: certificates, replies: { starttls: '454 4.7.0 Not now' } }),
    smtp: LOGGED_IN,
    ...paused('TLS_FAILED', '454 4.7.0 Not now'),
  },
  'STARTTLS refused with 5yz though offered': {
    server: (certificates) => ({ starttls: certificates, replies: { starttls: '554 5.7.3 No TLS' } }),
    smtp: LOGGED_IN,
    ...paused('TLS_FAILED', '554 5.7.3 No TLS'),
  },
  'a self-signed certificate': {
    server: ({ selfSigned }) => ({ starttls: selfSigned }),
    smtp: LOGGED_IN,
    ...paused('TLS_FAILED', null),
  },
  'an expired certificate': {
    server: ({ expired }) => ({ starttls: expired }),
    smtp: LOGGED_IN,
    ...paused('TLS_FAILED', null),
  },
  'a certificate for another name': {
    server: ({ otherHost }) => ({ tls: otherHost }),
    smtp: { ...LOGGED_IN, encryption: 'tls' },
    ...paused('TLS_FAILED', null),
  },
  'a self-signed certificate, TLS from the start': {
    server: ({ selfSigned }) => ({ tls: selfSigned }),
    smtp: { ...LOGGED_IN, encryption: 'tls' },
    ...paused('TLS_FAILED', null),
  },
  'TLS 1.1': {
    server: (certificates) => ({
      tls: certificates,
      tlsOptions: { maxVersion: 'TLSv1.1', minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' },
    }),
    smtp: { ...LOGGED_IN, encryption: 'tls' },
    ...paused('TLS_FAILED', null),
  },
  'a server without TLS where TLS is expected from the start': {
    server: () => ({}),
    smtp: { ...LOGGED_IN, encryption: 'tls' },
    ...paused('TLS_FAILED', null),
  },
};

const login = (reply: string): Pick<OutcomeRow, 'server' | 'smtp'> => ({
  server: (certificates) => ({ starttls: certificates, replies: { auth: reply } }),
  smtp: LOGGED_IN,
});

export const authentication: Record<string, OutcomeRow> = {
  'AUTH refused with 535': {
    ...login('535 5.7.8 Wrong'),
    ...paused('AUTH_FAILED', '535 5.7.8 Wrong'),
  },
  'AUTH refused with 534': {
    ...login('534 5.7.9 Stronger, please'),
    ...paused('AUTH_FAILED', '534 5.7.9 Stronger, please'),
  },
  'AUTH refused with 550 5.7.30': {
    ...login('550 5.7.30 Basic authentication is not supported'),
    ...paused('AUTH_FAILED', '550 5.7.30 Basic authentication is not supported'),
  },
  'AUTH put off with 454': {
    ...login('454 4.7.0 Temporary authentication failure'),
    ...notNow('454 4.7.0 Temporary authentication failure'),
  },
  'AUTH put off with 421': {
    ...login('421 4.3.2 Closing'),
    ...notNow('421 4.3.2 Closing'),
  },
  'AUTH put off with 432': {
    ...login('432 4.7.12 Transition needed'),
    ...notNow('432 4.7.12 Transition needed'),
  },
  'AUTH not offered': {
    server: (certificates) => ({
      starttls: certificates,
      ehlo: ['PIPELINING', '8BITMIME'],
      replies: { auth: '503 5.5.1 Not here' },
    }),
    smtp: LOGGED_IN,
    ...paused('AUTH_NOT_OFFERED', '503 5.5.1 Not here'),
  },
  'AUTH PLAIN unknown though offered, and LOGIN accepted': {
    server: (certificates) => ({
      starttls: certificates,
      on: ({ stage, arg }) =>
        stage === 'auth' && arg === 'PLAIN' ? '504 5.5.4 Unrecognized authentication type' : undefined,
    }),
    smtp: LOGGED_IN,
    ...submitted,
  },
  'AUTH PLAIN unknown though offered, and LOGIN refused with 535': {
    server: (certificates) => ({
      starttls: certificates,
      on: ({ stage, arg }) =>
        stage === 'auth' ? (arg === 'PLAIN' ? '500 5.5.1 What?' : '535 5.7.8 Wrong') : undefined,
    }),
    smtp: LOGGED_IN,
    ...paused('AUTH_FAILED', '535 5.7.8 Wrong'),
  },
  'AUTH offered, but no method with a password': {
    server: (certificates) => ({
      starttls: certificates,
      ehlo: ['AUTH XOAUTH2 GSSAPI'],
      replies: { auth: '504 5.7.4 Unrecognized authentication type' },
    }),
    smtp: LOGGED_IN,
    ...paused('AUTH_NOT_OFFERED', '504 5.7.4 Unrecognized authentication type'),
  },
  '530 at MAIL': {
    server: () => ({ replies: { mail: '530 5.7.0 Authentication required' } }),
    ...paused('AUTH_FAILED', '530 5.7.0 Authentication required'),
  },
};
