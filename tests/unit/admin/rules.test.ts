import { withoutErrorsOf } from '../../../admin/src/shared/ui/form-errors';
import { ERROR_PATHS, tenantFieldText, tenantProblemsOf } from '../../../admin/src/settings/rules/errors';
import { domainsOf, rulesOf, tenantBodyOf, type RulesForm } from '../../../admin/src/settings/rules/form';
import { duplicateExample } from '../../../server/src/contracts/duplicates';
import type { DuplicatePolicy, OwnAddressRule, Tenant } from '../../../server/src/contracts/answers';

const TENANT: Tenant = {
  id: 'tenant1',
  key: 'default',
  name: 'Default',
  default: true,
  members: 'everyone',
  mailboxLimit: null,
  mailboxDomains: ['club.example'],
  ownAddress: 'off',
  ownAddressDomains: [],
  duplicatePolicy: 'own-name',
  systemSender: 'everyone',
  system: null,
  quota: { used: 1, limit: 1 },
};

const body = (part: Partial<RulesForm>, tenant = TENANT) => tenantBodyOf({ ...rulesOf(tenant), ...part }, tenant);

describe('the rules of a tenant', () => {
  it.each<[part: Partial<RulesForm>, body: object]>([
    [{}, {}],
    [{ mailboxLimit: '0' }, { mailboxLimit: 0 }],
    [{ mailboxDomains: 'club.example, @Academy.example\n' }, { mailboxDomains: ['club.example', 'academy.example'] }],
    [{ mailboxDomains: '' }, { mailboxDomains: [] }],
    [{ systemName: ' Club ' }, { system: { name: 'Club' } }],
    [{ ownAddress: 'reply-to' }, { ownAddress: 'reply-to' }],
  ])('are sent where they were changed: %j', (part, expected) => {
    expect(body(part)).toEqual(expected);
  });

  it('fall back to the configuration when a value is cleared', () => {
    const own = { ...TENANT, mailboxLimit: 3, system: { name: 'Club', email: 'club@club.example' } };
    expect(body({ mailboxLimit: '', systemName: '', systemEmail: '' }, own)).toEqual({
      mailboxLimit: null,
      system: null,
    });
  });

  it('are judged before they are sent, each in its own words', () => {
    const wrong = tenantProblemsOf(
      body({ name: ' ', mailboxLimit: '100001', ownAddressDomains: 'not a domain', systemEmail: 'x' })
    );
    expect(wrong.map((problem) => [problem.details?.path, tenantFieldText(problem, (key) => key)])).toEqual([
      ['name', 'error.required'],
      ['mailboxLimit', 'error.range'],
      ['ownAddressDomains', 'error.domains'],
      ['system.email', 'error.address'],
    ]);
  });

  it.each(['abc', '1o', '-1', '1.5', '1e3'])(
    'keep %j as a limit in the form, and refuse it as no whole number',
    (typed) => {
      for (const stored of [TENANT, { ...TENANT, mailboxLimit: 3 }]) {
        const wrong = tenantProblemsOf(body({ mailboxLimit: typed }, stored));
        expect(wrong.map((problem) => tenantFieldText(problem, (key) => key))).toEqual(['error.range']);
      }
    }
  );

  it('lose the errors of the fields that are changed, and no others', () => {
    const errors = { name: 'a', 'system.email': 'b', mailboxLimit: 'c' };
    expect(withoutErrorsOf<RulesForm>(errors, { systemEmail: 'x', mailboxLimit: '1' }, ERROR_PATHS)).toEqual({
      name: 'a',
    });
    expect(withoutErrorsOf<RulesForm>(errors, { systemSender: 'everyone' }, ERROR_PATHS)).toBe(errors);
  });

  it('take domains as people paste them', () => {
    expect(domainsOf(' a.example;b.example\n@A.example ')).toEqual(['a.example', 'b.example']);
  });
});

describe('the example of the duplicate policy', () => {
  const names = { firstname: 'Ada', lastname: 'Adams', mailbox: 'Office' };
  const shown = (policy: DuplicatePolicy, rule: OwnAddressRule, authenticated = true) =>
    duplicateExample(policy, rule, names, authenticated)[rule === 'reply-to' ? 'replyTo' : 'from'].map(
      ({ name, transport }) => `${name} ${transport.kind}`
    );

  it.each<[policy: DuplicatePolicy, from: string[]]>([
    ['own-name', ['Ada Adams mailbox']],
    ['both', ['Ada Adams mailbox', 'Office mailbox']],
    ['mailbox-name', ['Office mailbox']],
  ])('shows what the rule makes of %s', (policy, from) => {
    expect(shown(policy, 'sender-and-reply-to')).toEqual(from);
    expect(shown(policy, 'reply-to')).toEqual(from);
    expect(shown(policy, 'sender-and-reply-to', false)).toEqual(
      from.map((entry) => entry.replace('mailbox', 'system'))
    );
  });
});
