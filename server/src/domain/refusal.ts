/** Every code of rules §9 with its HTTP status. */
export const STATUS = {
  INVALID_INPUT: 400,
  UNKNOWN_FIELD: 400,
  INVALID_ADDRESS: 400,
  INVALID_NAME: 400,
  INVALID_SUBJECT: 400,
  INVALID_HEADER: 400,
  CODE_INVALID: 400,
  NO_RECIPIENTS: 400,
  INVALID_RECIPIENTS: 400,
  TOO_MANY_RECIPIENTS: 400,
  TOO_LARGE: 413,
  HOST_NOT_ALLOWED: 400,
  SECRET_REQUIRED: 400,
  FORBIDDEN_FROM: 403,
  FORBIDDEN_REPLY_TO: 403,
  FORBIDDEN_TO_SEND: 403,
  OWN_ADDRESS_UNCONFIRMED: 403,
  TENANT_MISMATCH: 403,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  ATTACHMENT_NOT_FOUND: 404,
  MAILBOX_DISABLED: 409,
  MAILBOX_QUOTA_EXCEEDED: 409,
  MAILBOX_ADDRESS_TAKEN: 409,
  MAILBOX_IN_USE: 409,
  TENANT_IN_USE: 409,
  SYSTEM_NOT_CONFIGURED: 409,
  TRANSPORT_CANNOT_CARRY: 409,
  SENDER_CHANGED: 409,
  INVALID_STATE: 409,
  CANNOT_UNSEND: 409,
  IDEMPOTENCY_CONFLICT: 409,
  WARNINGS: 409,
  RATE_LIMITED: 429,
} as const;

export type RefusalCode = keyof typeof STATUS;

/** A refusal as a value. Services throw it as `MailboxesError`. */
export interface Refusal {
  code: RefusalCode;
  message: string;
  details?: Record<string, unknown>;
}

/** One text per code; `details` has more if the caller may see it. */
export const MESSAGE: Record<RefusalCode, string> = {
  INVALID_INPUT: 'A field has a wrong type, range or form.',
  UNKNOWN_FIELD: 'A field is not known.',
  INVALID_ADDRESS: 'This is not an address that can be used here.',
  INVALID_NAME: 'A name may not look like an address or hold invisible characters.',
  INVALID_SUBJECT: 'The subject is too long or holds characters that a header cannot carry.',
  INVALID_HEADER: 'Only X- headers with plain one-line text can be set.',
  CODE_INVALID: 'This code is wrong, used, or no longer valid. Ask for a new one.',
  NO_RECIPIENTS: 'At least one recipient is needed.',
  INVALID_RECIPIENTS: 'Some recipients are not valid addresses.',
  TOO_MANY_RECIPIENTS: 'There are more recipients than one message may have.',
  TOO_LARGE: 'The message is larger than allowed.',
  HOST_NOT_ALLOWED: 'This server, port or encryption is not allowed here.',
  SECRET_REQUIRED: 'The password is needed.',
  FORBIDDEN_FROM: 'You may not send from this identity.',
  FORBIDDEN_REPLY_TO: 'You may not let answers go to this identity.',
  FORBIDDEN_TO_SEND: 'Sending is not allowed.',
  OWN_ADDRESS_UNCONFIRMED: 'Your own address must be confirmed first.',
  TENANT_MISMATCH: 'This is not possible in this tenant.',
  FORBIDDEN: 'Your rights do not allow this.',
  NOT_FOUND: 'Not found.',
  ATTACHMENT_NOT_FOUND: 'An attachment was not found.',
  MAILBOX_DISABLED: 'This mailbox is switched off.',
  MAILBOX_QUOTA_EXCEEDED: 'No more mailboxes are allowed in this tenant.',
  MAILBOX_ADDRESS_TAKEN: 'There is a mailbox with this address already.',
  MAILBOX_IN_USE: 'This mailbox is in use.',
  TENANT_IN_USE: 'This tenant is in use.',
  SYSTEM_NOT_CONFIGURED: 'The system mailbox is not set up.',
  TRANSPORT_CANNOT_CARRY: "Strapi's e-mail provider cannot send from this address.",
  SENDER_CHANGED: 'Sender, reply address or transport changed after the submission was accepted.',
  INVALID_STATE: 'This is not possible in the current state.',
  CANNOT_UNSEND: 'It is too late to cancel.',
  IDEMPOTENCY_CONFLICT: 'The same key was used for another content.',
  WARNINGS: 'The message has warnings that the request does not accept.',
  RATE_LIMITED: 'Too many requests. Wait a while.',
};

export const refusal = (code: RefusalCode, details?: Record<string, unknown>, message = MESSAGE[code]): Refusal => ({
  code,
  message,
  ...(details ? { details } : {}),
});
