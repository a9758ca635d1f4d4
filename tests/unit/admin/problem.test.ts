import type { Attached } from '../../../admin/src/compose/attached';
import en from '../../../admin/src/translations/shared.en.json';
import {
  blameAttachments,
  firstField,
  missingIn,
  problemOf,
  refusalSentences,
  subjectSentences,
} from '../../../admin/src/compose/problem';
import { anIdentity } from './builders';

const refused = (code: string, details: object = {}, status = 400) => ({ status, details: { code, ...details } });
const aFile = (part: Partial<Attached>): Attached => ({
  file: 1,
  name: 'list.csv',
  mime: 'text/csv',
  bytes: 1,
  url: '/list.csv',
  cid: null,
  missing: false,
  ...part,
});
const keysOf = (error: unknown): string[] => refusalSentences(error).map(({ key }) => key);

describe('a refusal', () => {
  it.each([
    ['NO_RECIPIENTS', 'to'],
    ['TOO_MANY_RECIPIENTS', 'to'],
    ['INVALID_SUBJECT', 'subject'],
    ['ATTACHMENT_NOT_FOUND', 'attachments'],
    ['TOO_LARGE', 'text'],
    ['FORBIDDEN_FROM', 'from'],
    ['MAILBOX_DISABLED', 'from'],
    ['OWN_ADDRESS_UNCONFIRMED', 'from'],
    ['FORBIDDEN_REPLY_TO', 'replyTo'],
  ])('%s is shown at the field %s', (code, field) => {
    expect(Object.keys(problemOf(refused(code)).fields)).toEqual([field]);
  });

  it('of an identity concerns Reply-To if From is still offered', () => {
    expect(Object.keys(problemOf(refused('MAILBOX_DISABLED'), true).fields)).toEqual(['replyTo']);
    expect(Object.keys(problemOf(refused('FORBIDDEN_FROM'), true).fields)).toEqual(['from']);
  });

  it('of a field is mapped by its path', () => {
    expect(Object.keys(problemOf(refused('INVALID_INPUT', { path: 'cc[3].name' })).fields)).toEqual(['cc']);
    expect(Object.keys(problemOf(refused('INVALID_INPUT', { path: 'sendAt' })).fields)).toEqual(['time']);
    expect(problemOf(refused('INVALID_INPUT', { path: 'sendZone' })).fields).toEqual({
      zone: [{ key: 'later.problem.unknown' }],
    });
    expect(Object.keys(problemOf(refused('INVALID_INPUT', { path: 'html' })).fields)).toEqual(['text']);
    expect(Object.keys(problemOf(refused('INVALID_INPUT', { path: 'attachments[1].name' })).fields)).toEqual([
      'attachments',
    ]);
    expect(problemOf(refused('INVALID_INPUT', { path: 'headers' })).general[0]).toEqual({
      key: 'refusal.INVALID_INPUT',
    });
  });

  it('of recipients lists the invalid ones at their field', () => {
    const recipients = [
      { field: 'to', index: 0, value: 'nobody', reason: 'syntax' },
      { field: 'bcc', index: 1, value: 'a@b', reason: 'domain' },
    ];
    expect(problemOf(refused('INVALID_RECIPIENTS', { recipients }))).toEqual({
      fields: {
        to: [{ key: 'problem.recipients', values: { list: 'nobody', count: 1 } }],
        bcc: [{ key: 'problem.recipients', values: { list: 'a@b', count: 1 } }],
      },
      general: [],
    });
  });

  it('of many recipients lists the first five', () => {
    const recipients = Array.from({ length: 8 }, (_, index) => ({ field: 'to', index, value: `x${index}` }));
    expect(problemOf(refused('INVALID_RECIPIENTS', { recipients })).fields.to).toEqual([
      { key: 'problem.recipients.more', values: { list: 'x0, x1, x2, x3, x4', more: 3 } },
    ]);
  });

  it('RATE_LIMITED contains the minutes to wait', () => {
    const wait = (retryAfterSeconds: number) => refusalSentences(refused('RATE_LIMITED', { retryAfterSeconds }, 429));
    expect(wait(1)).toEqual([{ key: 'problem.rate-limited', values: { minutes: 1 } }]);
    expect(wait(61)).toEqual([{ key: 'problem.rate-limited', values: { minutes: 2 } }]);
    expect(keysOf(refused('RATE_LIMITED'))).toEqual(['refusal.RATE_LIMITED']);
  });

  it('RATE_LIMITED by size contains the remaining megabytes of the hour', () => {
    const details = { retryAfterSeconds: 600, limitBytes: 1_073_741_824, remainingBytes: 5_400_000, size: 18_874_369 };
    expect(refusalSentences(refused('RATE_LIMITED', details, 429))).toEqual([
      { key: 'problem.rate-limited.bytes', values: { minutes: 10, remaining: 5.1, size: 18.1 } },
    ]);
  });

  it('over a limit contains the limit', () => {
    expect(refusalSentences(refused('TOO_MANY_RECIPIENTS', { limit: 100, count: 101 }))).toEqual([
      { key: 'problem.too-many', values: { limit: 100, count: 101 } },
    ]);
    expect(refusalSentences(refused('TOO_LARGE', { limit: 26_214_400 }))).toEqual([
      { key: 'problem.too-large', values: { limit: 25 } },
    ]);
    expect(refusalSentences(refused('INVALID_INPUT', { path: '', reason: 'too many drafts', limit: 500 }))).toEqual([
      { key: 'problem.too-many-drafts', values: { limit: 500 } },
    ]);
    const ofDrafts = { reason: 'all drafts together', limit: 104_857_600, remainingBytes: 1_000, size: 1_048_577 };
    expect(refusalSentences(refused('TOO_LARGE', ofDrafts, 413))).toEqual([
      { key: 'problem.drafts-too-large', values: { limit: 100, remaining: 0, size: 1.1 } },
    ]);
  });

  it('TOO_LARGE moves to the attachments of a message that has some, and no other does', () => {
    expect(Object.keys(blameAttachments(problemOf(refused('TOO_LARGE', { limit: 26_214_400 }))).fields)).toEqual([
      'attachments',
    ]);
    expect(Object.keys(blameAttachments(problemOf(refused('TOO_LARGE'))).fields)).toEqual(['attachments']);
    const wrongText = problemOf(refused('INVALID_INPUT', { path: 'html' }));
    expect(blameAttachments(wrongText)).toEqual(wrongText);
  });

  it('without a code is named by its status', () => {
    expect(keysOf({ name: 'TypeError', message: 'Failed to fetch' })).toEqual(['problem.network']);
    expect(keysOf({ status: 500, message: 'Internal Server Error' })).toEqual(['problem.server']);
    expect(keysOf({ status: 403, message: 'Forbidden', details: {} })).toEqual(['problem.forbidden']);
  });

  it('has a text for every code with a next step', () => {
    const codes = Object.keys(en).flatMap((key) => /^next\.(.*)/.exec(key)?.[1] ?? []);
    expect(codes.filter((code) => !(`refusal.${code}` in en))).toEqual([]);
    expect(keysOf(refused('FORBIDDEN_FROM'))).toEqual(['refusal.FORBIDDEN_FROM', 'next.FORBIDDEN_FROM']);
  });
});

describe('the check of a draft before sending', () => {
  const offered = { identity: anIdentity('system'), gone: false };
  const none = { identity: null, gone: false };
  const gone = { identity: null, gone: true };
  const noRecipient = { value: [], pending: '' };
  const recipient = { value: ['a@x.example'], pending: '' };
  const draft = { to: recipient, cc: noRecipient, bcc: noRecipient, subject: '', html: '', attachments: [] };
  const limits = { recipients: 2, messageBytes: 10_000 };
  const fine = { from: offered, replyTo: none, later: null, limits };

  it('passes with a From and one recipient in any field', () => {
    expect(missingIn(draft, fine)).toBeNull();
    expect(missingIn({ ...draft, to: noRecipient, bcc: recipient }, fine)).toBeNull();
    expect(missingIn({ ...draft, to: { value: [], pending: 'a@x.example' } }, fine)).toBeNull();
  });

  it('reports an identity that is not offered any more', () => {
    expect(missingIn(draft, { ...fine, from: gone })?.fields).toEqual({ from: [{ key: 'identity.gone' }] });
    expect(missingIn(draft, { ...fine, replyTo: gone })?.fields).toEqual({ replyTo: [{ key: 'identity.gone' }] });
  });

  it('returns the first field in the order of the form', () => {
    const later = { ok: false, field: 'time', reason: 'past' } as const;
    const problem = missingIn({ ...draft, to: { value: [], pending: ' ' } }, { ...fine, from: none, later });
    expect(Object.keys(problem?.fields ?? {}).sort()).toEqual(['from', 'time', 'to']);
    expect(problem && firstField(problem)).toBe('from');
  });

  it('reports the problems of all fields at once', () => {
    const problem = missingIn(
      {
        ...draft,
        to: { value: ['a@x.example', 'b@x.example', 'no address'], pending: '' },
        cc: { value: [], pending: 'neither' },
        subject: 'a'.repeat(999),
        attachments: [aFile({ bytes: 10_000 })],
      },
      fine
    );
    expect(problem?.fields).toEqual({
      to: [{ key: 'problem.too-many', values: { limit: 2, count: 4 } }, { key: 'problem.recipients.marked' }],
      cc: [{ key: 'problem.recipients.marked' }],
      subject: [{ key: 'problem.subject.length' }],
      attachments: [],
    });
  });

  it('counts an address in several fields once against the limit', () => {
    const twice = { value: ['A@x.example', 'b@x.example'], pending: '' };
    expect(missingIn({ ...draft, to: twice, cc: recipient }, fine)).toBeNull();
  });

  it('refuses a missing file, but not a missing picture that was removed from the text', () => {
    const gonePicture = aFile({ missing: true, cid: 'picture-1' });
    expect(missingIn({ ...draft, attachments: [aFile({ missing: true })] }, fine)?.fields).toEqual({ attachments: [] });
    expect(missingIn({ ...draft, attachments: [gonePicture] }, fine)).toBeNull();
    expect(missingIn({ ...draft, html: '<img src="cid:picture-1">', attachments: [gonePicture] }, fine)).not.toBeNull();
  });
});

describe('a subject', () => {
  it.each([
    ['', []],
    ['a'.repeat(998), []],
    ['a'.repeat(999), [{ key: 'problem.subject.length' }]],
    ['ü'.repeat(600), [{ key: 'problem.subject.length' }]],
    ['Two\nlines', [{ key: 'problem.subject.characters' }]],
  ])('is checked with the rule of the server: %#', (subject, sentences) =>
    expect(subjectSentences(subject)).toEqual(sentences)
  );
});
