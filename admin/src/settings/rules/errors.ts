import { parseTenantChange } from '../../../../server/src/contracts/tenant';
import type { RefusalBody } from '../../shared/refusals/refusal';
import type { Text } from '../../shared/i18n/use-text';
import type { RulesForm, TenantBody } from './form';

type Problem = Pick<RefusalBody, 'details'>;

/** Error paths of form fields whose name differs from the path. */
export const ERROR_PATHS: Readonly<Partial<Record<keyof RulesForm, readonly string[]>>> = {
  systemName: ['system.name'],
  systemEmail: ['system.email'],
};

/** Returns the text of a refusal of a field; null: the text of the code suffices. */
export const tenantFieldText = ({ details = {} }: Problem, t: Text): string | null => {
  const { code, path, reason } = details;
  if (path === 'mailboxDomains' || path === 'ownAddressDomains') return t('error.domains');
  if (path === 'mailboxLimit') return t('error.range', { min: 0, max: 100_000 });
  if (path === 'name' && code === 'INVALID_INPUT') return t('error.required');
  if (code === 'INVALID_ADDRESS') return t('error.address');
  return path === 'members' && reason !== undefined ? t('error.members') : null;
};

/** Validates each part with the schema of the server. */
export const tenantProblemsOf = (body: TenantBody): Problem[] =>
  Object.entries(body).flatMap(([key, value]: [string, unknown]) => {
    const parsed = parseTenantChange({ [key]: value });
    return parsed.ok ? [] : [{ details: { code: parsed.refusal.code, ...parsed.refusal.details } }];
  });
