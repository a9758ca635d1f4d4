import { parseTenantChange } from '../../../../server/src/contracts/tenant';
import type { RefusalBody } from '../../shared/refusals/refusal';
import type { Text } from '../../shared/i18n/use-text';
import type { RulesForm, TenantBody } from './form';

type Problem = Pick<RefusalBody, 'details'>;

/** The errors that a field of the form may have caused, where the field has another name. */
export const ERROR_PATHS: Readonly<Partial<Record<keyof RulesForm, readonly string[]>>> = {
  systemName: ['system.name'],
  systemEmail: ['system.email'],
};

/** A refusal about a field of the rules, in words that say what to do; null: its code says enough. */
export const tenantFieldText = ({ details = {} }: Problem, t: Text): string | null => {
  const { code, path, reason } = details;
  if (path === 'mailboxDomains' || path === 'ownAddressDomains') return t('error.domains');
  if (path === 'mailboxLimit') return t('error.range', { min: 0, max: 100_000 });
  if (path === 'name' && code === 'INVALID_INPUT') return t('error.required');
  if (code === 'INVALID_ADDRESS') return t('error.address');
  return path === 'members' && reason !== undefined ? t('error.members') : null;
};

/** Everything that the server would refuse by the form alone, each part by the server's own schema. */
export const tenantProblemsOf = (body: TenantBody): Problem[] =>
  Object.entries(body).flatMap(([key, value]: [string, unknown]) => {
    const parsed = parseTenantChange({ [key]: value });
    return parsed.ok ? [] : [{ details: { code: parsed.refusal.code, ...parsed.refusal.details } }];
  });
