import { parseGrantDraft } from '../../../server/src/contracts/grant';
import { parseMailboxChange, parseMailboxDraft } from '../../../server/src/contracts/mailbox';
import { parseTenantChange, parseTenantDraft } from '../../../server/src/contracts/tenant';
import type { RefusalCode } from '../../../server/src/domain/refusal';
import { REFUSED_GRANTS, REFUSED_MAILBOXES, REFUSED_TENANTS, withSmtp } from './administration-inputs.table';

type Body = Record<string, unknown>;

const NOW = Date.UTC(2026, 0, 15);
/** Removes keys without a value, as a request does. */
const sent = (body: Body): unknown => JSON.parse(JSON.stringify(body));

const draft = (differs: Body) => parseMailboxDraft(sent({ email: 'new@club.example', name: 'New', ...differs }), NOW);
const tenant = (differs: Body) => parseTenantDraft(sent({ name: 'New', ...differs }));
const grant = (differs: Body) => parseGrantDraft(sent({ mailbox: 'news', ...differs }), NOW);

const refusal = (code: RefusalCode, path: string | null) => ({
  ok: false,
  refusal: { code, ...(path === null ? {} : { details: { path } }) },
});

it('accepts the valid inputs on which the tables are based', () => {
  expect([draft(withSmtp()), parseMailboxChange(withSmtp(), NOW), tenant({}), grant({ user: 1 })]).toEqual(
    Array(4).fill(expect.objectContaining({ ok: true }))
  );
});

describe.each(Object.entries(REFUSED_MAILBOXES))('a mailbox: %s', (_part, rows) => {
  it.each(rows)('rejects %s', (_title, differs, code, path) => {
    expect(draft(differs)).toMatchObject(refusal(code, path));
    expect(parseMailboxChange(sent(differs), NOW)).toMatchObject(refusal(code, path));
  });
});

describe('a tenant', () => {
  it.each(REFUSED_TENANTS)('rejects %s', (_title, differs, code, path) => {
    expect(tenant(differs)).toMatchObject(refusal(code, path));
    expect(parseTenantChange(sent(differs))).toMatchObject(refusal(code, path));
  });
});

describe('a grant', () => {
  it.each(REFUSED_GRANTS)('rejects %s', (_title, differs, code, path) => {
    expect(grant(differs)).toMatchObject(refusal(code, path));
  });
});
