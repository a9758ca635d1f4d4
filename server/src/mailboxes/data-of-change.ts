import type { MailboxChange } from '../contracts/mailbox';
import type { MailboxData } from './repository';

/** Maps a change to the columns' names; a missing key is not written. */
export function dataOf(change: MailboxChange): MailboxData {
  const { address, name, enabled, sender, reply, restricted, authenticated, signature, limits } = change;
  return {
    ...(address ? { email: address.email, emailKey: address.key } : {}),
    ...(signature ? { signatureHtml: signature.html ?? null, signatureText: signature.text ?? null } : {}),
    ...(limits ? { perMinute: limits.perMinute ?? null, connections: limits.connections ?? null } : {}),
    ...defined({ name, enabled, sender, reply, restricted, authenticated, global: change.global }),
  };
}

/** Omits undefined values, so that an update changes only the given keys. */
const defined = <T extends Record<string, unknown>>(values: T): Partial<T> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<T>;
