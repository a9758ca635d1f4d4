import * as yup from 'yup';
import { parseAddrSpec } from '../domain/address';
import { smtpSchema, type SmtpInput } from './mailbox';
import { accept, flag, parse, reject, text, type Parsed } from './parse';

export const connectionTestSchema = yup.object({
  /** documentId, or 'system' */
  mailbox: text(255).min(1),
  smtp: smtpSchema.optional().default(undefined),
  email: yup.string().strict(),
  sendToMe: flag(),
});

export interface ConnectionTestRequest {
  mailbox: string | undefined;
  smtp: SmtpInput | undefined;
  email: string | undefined;
  sendToMe: boolean;
}

/** @returns `UNKNOWN_FIELD`, `INVALID_INPUT`, `INVALID_ADDRESS` */
export const parseConnectionTest = (input: unknown): Parsed<ConnectionTestRequest> => {
  const parsed = parse(connectionTestSchema, input);
  if (!parsed.ok) return parsed;
  const { mailbox, smtp, email, sendToMe = false } = parsed.value;
  const address = email === undefined ? null : parseAddrSpec(email);
  if (address && !address.ok) return reject('INVALID_ADDRESS', { path: 'email', reason: address.reason });
  if (mailbox === undefined && smtp === undefined)
    return reject('INVALID_INPUT', { path: 'smtp', reason: 'is needed without a mailbox' });
  if (mailbox === undefined && !address)
    return reject('INVALID_INPUT', { path: 'email', reason: 'is needed without a mailbox' });
  if (mailbox === 'system' && smtp !== undefined)
    return reject('INVALID_INPUT', { path: 'smtp', reason: 'comes from the configuration' });
  return accept({ mailbox, smtp, email: address?.ok ? address.email : undefined, sendToMe });
};
