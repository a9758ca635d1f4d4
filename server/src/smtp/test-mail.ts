import { domainOf, headerAddress, needsUtf8 } from '../domain/address';
import type { SmtpAuth } from '../domain/auth';
import { outcomeOf, withoutReply, type Attempt } from '../domain/outcome';
import { MESSAGE } from '../domain/refusal';
import { buildMessage } from '../message/encode';
import type { SmtpTransport, Transports } from './pool';
import type { Route } from './route';

export interface TestMailTarget {
  host: string;
  port: number;
  encryption: SmtpTransport['encryption'];
  auth: SmtpAuth;
  email: string;
}

export interface TestMailResult {
  ok: boolean;
  message: string;
  detail?: string;
}

export interface TestMailDependencies {
  transports: Transports;
  clock: () => number;
  newId: () => string;
  newUuid: () => string;
  system: {
    /** `null` if the system mailbox is not configured. */
    address: () => string | null;
    /** Available while paused, too: an accepted test mail ends the pause. */
    route: () => Promise<Exclude<Route, { kind: 'paused' }>>;
  };
}

const SUBJECT = 'Test mail';
const TEXT = 'This is a test mail of the mailbox that you are setting up. It was sent because you asked for it.';

type Raw = { envelope: { from: string; to: string[] }; messageId: string; utf8Header: boolean; bytes: Buffer };

/** Sends one fixed text to the tester's own address: handed over at once, never stored. */
export const createTestMail = ({ transports, clock, newId, newUuid, system }: TestMailDependencies) => {
  return async (target: TestMailTarget | 'system', to: string): Promise<TestMailResult> => {
    if (target !== 'system') return overSmtp(target, to);
    const from = system.address();
    if (from === null) return { ok: false, message: MESSAGE.SYSTEM_NOT_CONFIGURED };
    const route = await system.route();
    switch (route.kind) {
      case 'smtp':
        return overSmtp({ ...route, email: from }, to);
      case 'provider':
        return resultOf(await route.send(await build(from, to)), to);
      case 'gone':
      case 'no-secret':
        return { ok: false, message: MESSAGE.SECRET_REQUIRED };
    }
  };

  async function build(from: string, to: string): Promise<Raw> {
    const messageId = `<${newUuid()}@${domainOf(from)}>`;
    const bytes = await buildMessage({
      from: { name: null, email: headerAddress(from) ?? from },
      sender: null,
      replyTo: null,
      to: [{ name: null, email: headerAddress(to) ?? to }],
      cc: [],
      subject: SUBJECT,
      text: TEXT,
      html: null,
      headers: {},
      attachments: [],
      messageId,
      date: clock(),
    });
    return { envelope: { from, to: [to] }, messageId, utf8Header: needsUtf8([from, to]), bytes };
  }

  async function overSmtp({ email, ...target }: TestMailTarget, to: string): Promise<TestMailResult> {
    const { bytes, ...message } = await build(email, to);
    // A new version: unsaved settings share no connection with stored ones.
    const transport: SmtpTransport = { kind: 'smtp', id: 'test', version: newId(), connections: 1, ...target };
    const attempt = await transports.handOver(transport, {
      ...message,
      sizeBytes: bytes.length,
      chunks: () => once(bytes),
      beginTransmission: () => Promise.resolve(true),
      stillOurs: () => Promise.resolve(true),
      signal: new AbortController().signal,
    });
    return resultOf(attempt, to);
  }
};

const resultOf = (attempt: Attempt, to: string): TestMailResult => {
  const { error, pause, recipients, transport } = outcomeOf(attempt, [{ email: to, state: 'pending' }]);
  const reply = recipients[0]?.reply ?? transport?.reply;
  if (recipients[0]?.state === 'accepted')
    return {
      ok: true,
      message: 'The server took the test mail. Look into your inbox.',
      ...(reply ? { detail: reply } : {}),
    };
  const message = error?.message ?? (pause && withoutReply(pause).message) ?? 'The server did not take the test mail.';
  return { ok: false, message, ...(reply ? { detail: reply } : {}) };
};

async function* once(bytes: Buffer): AsyncGenerator<Uint8Array> {
  yield bytes;
}
