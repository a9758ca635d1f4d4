import { parseMailboxChange } from '../../../../server/src/contracts/mailbox';
import { keyOf, type GrantEntry } from '../grants/entries';
import { refusalOf, type RefusalBody } from '../../shared/refusals/refusal';
import type { Text } from '../../shared/i18n/use-text';
import type { MailboxBody, MailboxForm } from './form';

/** Error text by path of the request body, of a grant by its `keyOf`; '' for errors without a field. */
export type Errors = Readonly<Record<string, string>>;

type Problem = Pick<RefusalBody, 'details'>;

/** Fields of refusals that carry no path. */
const PATHS: Partial<Record<string, string>> = {
  MAILBOX_ADDRESS_TAKEN: 'email',
  MAILBOX_IN_USE: 'email',
  HOST_NOT_ALLOWED: 'smtp.host',
};

/** Error paths of form fields whose name differs from the path. */
export const ERROR_PATHS: Readonly<Partial<Record<keyof MailboxForm, readonly string[]>>> = {
  authenticated: ['smtp', 'smtp.host', 'smtp.port', 'smtp.encryption', 'smtp.username', 'smtp.password'],
  host: ['smtp.host'],
  // The server allows a host only in combination with port and encryption.
  port: ['smtp.port', 'smtp.host'],
  encryption: ['smtp.encryption', 'smtp.host'],
  auth: ['smtp.auth', 'smtp.username', 'smtp.password'],
  username: ['smtp.username'],
  password: ['smtp.password'],
  signatureHtml: ['signature.html'],
  signatureText: ['signature.text'],
  perMinute: ['limits.perMinute'],
  connections: ['limits.connections'],
};

const GRANT = /^grants\.(add|remove)\[(\d+)\]/;

/** Returns the list of a grant's problem and the index in it; null: no problem of a grant. */
export const grantAt = ({ details }: Problem): { list: string; index: number } | null => {
  const [, list, index] = GRANT.exec(details?.path ?? '') ?? [];
  return list === undefined ? null : { list, index: Number(index) };
};

/** @param granted grants of `grants.add` */
export const pathOf = (problem: Problem, granted: readonly GrantEntry[]): string => {
  const { path, code = '' } = problem.details ?? {};
  if (!path?.startsWith('grants')) return path ?? PATHS[code] ?? '';
  const at = grantAt(problem);
  const entry = at?.list === 'add' ? granted[at.index] : undefined;
  return entry ? keyOf(entry) : '';
};

/** Returns the text of a refusal of a field; null: the text of the code suffices. */
export const fieldText = ({ details = {} }: Problem, t: Text): string | null => {
  const { code, path, reason } = details;
  if (code === 'MAILBOX_IN_USE')
    return t('error.address-in-use', {
      grants: Number(details.grants ?? 0),
      submissions: Number(details.submissions ?? 0),
    });
  if (code === 'INVALID_NAME' && reason === 'empty') return t('error.required');
  if (code === 'INVALID_ADDRESS') {
    if (reason === 'empty') return t('error.required');
    return reason === 'domain-rule' ? t('error.domain-rule') : t('error.address');
  }
  if (reason === 'no-key') return t('error.no-key');
  const grant = grantAt({ details });
  if (grant && code === 'NOT_FOUND') return t(grant.list === 'add' ? 'error.grant.subject' : 'error.grant.revoked');
  if (grant && path?.endsWith('.expiresAt')) return t('error.grant.end');
  if (code !== 'INVALID_INPUT') return null;
  if (path === 'smtp.port') return t('error.port');
  if (path === 'smtp.host') return t('error.host');
  if (path === 'limits.perMinute') return t('error.range', { min: 1, max: 1_000_000 });
  if (path === 'limits.connections') return t('error.range', { min: 1, max: 100 });
  return path?.startsWith('signature.') ? t('error.signature') : null;
};

const problemOf = (part: unknown): Problem | null => {
  const parsed = parseMailboxChange(part, Date.now());
  return parsed.ok ? null : { details: { code: parsed.refusal.code, ...parsed.refusal.details } };
};

/** Validates each part with the schema of the server; returns the problems in the order of the fields. */
export const problemsOf = (body: MailboxBody): Problem[] =>
  Object.entries(body).flatMap(([key, value]: [string, unknown]) => problemOf({ [key]: value }) ?? []);

/** Marks the domain rule as the reason: the form has checked the syntax of the address before sending. */
export const serverProblem = (error: unknown): Problem => {
  const { details } = refusalOf(error);
  return details?.code === 'INVALID_ADDRESS' && details.reason === 'domain'
    ? { details: { ...details, reason: 'domain-rule' } }
    : { details };
};
