import type {
  DuplicatePolicy,
  OwnAddressRule,
  SystemSenderRule,
  Tenant,
} from '../../../../server/src/contracts/answers';
import { sameValue, typedNumber } from '../../shared/ui/typed-number';
import type { TenantInput } from '../../../../server/src/contracts/services';

type Members = Tenant['members'];

/** Values of the form. */
export interface RulesForm {
  name: string;
  members: Members;
  /** As typed; '': the configured limit. */
  mailboxLimit: string;
  /** As typed, one domain per line. */
  mailboxDomains: string;
  ownAddress: OwnAddressRule;
  ownAddressDomains: string;
  duplicatePolicy: DuplicatePolicy;
  systemSender: SystemSenderRule;
  systemName: string;
  systemEmail: string;
}

/** Request body of the API; the key of a tenant cannot be changed. */
export type TenantBody = Omit<Partial<TenantInput>, 'key'>;

const lines = (list: readonly string[]): string => list.join('\n');

export const rulesOf = (tenant: Tenant): RulesForm => ({
  name: tenant.name,
  members: tenant.members,
  mailboxLimit: tenant.mailboxLimit === null ? '' : String(tenant.mailboxLimit),
  mailboxDomains: lines(tenant.mailboxDomains),
  ownAddress: tenant.ownAddress,
  ownAddressDomains: lines(tenant.ownAddressDomains),
  duplicatePolicy: tenant.duplicatePolicy,
  systemSender: tenant.systemSender,
  systemName: tenant.system?.name ?? '',
  systemEmail: tenant.system?.email ?? '',
});

/** Parses domains separated by lines, commas or spaces, each with or without a leading `@`. */
export const domainsOf = (typed: string): string[] => [
  ...new Set(
    typed
      .split(/[\s,;]+/)
      .map((word) => word.replace(/^@/, '').toLowerCase())
      .filter(Boolean)
  ),
];

const systemOf = ({ systemName, systemEmail }: RulesForm): TenantBody['system'] => {
  const name = systemName.trim();
  const email = systemEmail.trim();
  if (name === '' && email === '') return null;
  return { ...(name === '' ? {} : { name }), ...(email === '' ? {} : { email }) };
};

const wholeBodyOf = (form: RulesForm): TenantBody => ({
  name: form.name.trim(),
  members: form.members,
  mailboxLimit: form.mailboxLimit.trim() === '' ? null : typedNumber(form.mailboxLimit),
  mailboxDomains: domainsOf(form.mailboxDomains),
  ownAddress: form.ownAddress,
  ownAddressDomains: domainsOf(form.ownAddressDomains),
  duplicatePolicy: form.duplicatePolicy,
  systemSender: form.systemSender,
  system: systemOf(form),
});

/** Returns the changed fields only, so that a save does not undo concurrent changes. */
export const tenantBodyOf = (form: RulesForm, stored: Tenant): TenantBody => {
  const before = wholeBodyOf(rulesOf(stored));
  const changed = Object.entries(wholeBodyOf(form)).filter(
    ([key, value]) => !sameValue(value, before[key as keyof TenantBody])
  );
  return Object.fromEntries(changed);
};
