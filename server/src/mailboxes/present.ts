import { fieldsOf } from '../domain/auth';
import { DEFAULT_CONNECTIONS } from '../domain/lane';
import type { Mailbox } from '../contracts/answers';
import { iso } from '../contracts/instant';
import type { MailboxRow } from './repository';

/** @param perMinute the configured limit, for mailboxes without their own */
export const presentMailbox = (row: MailboxRow, perMinute: number): Mailbox => ({
  id: row.id,
  email: row.email,
  name: row.name,
  tenant: row.tenant,
  enabled: row.enabled,
  sender: row.sender,
  reply: row.reply,
  global: row.global,
  restricted: row.restricted,
  authenticated: row.authenticated,
  smtp:
    row.smtp === null
      ? null
      : {
          host: row.smtp.host,
          port: row.smtp.port,
          encryption: row.smtp.encryption,
          ...fieldsOf(row.smtp.auth),
          hasPassword: row.passwordSetAt !== null,
          passwordSetAt: iso(row.passwordSetAt),
        },
  signature: { html: row.signature.html ?? '', text: row.signature.text ?? '' },
  limits: { perMinute: row.perMinute ?? perMinute, connections: row.connections ?? DEFAULT_CONNECTIONS },
  state: row.paused ? 'paused' : 'ok',
  pausedBecause: row.paused ? { ...row.paused, at: iso(row.paused.at) } : null,
});
