import type { Draft as StoredDraft } from '../../../server/src/contracts/answers';
import { attachedOf, pruned, sizeOf } from '../../../admin/src/compose/attached';
import {
  bodyOf,
  chosenFrom,
  chosenReplyTo,
  emptyDraft,
  isUnwritten,
  type Draft,
} from '../../../admin/src/compose/draft/draft';
import { contentOf, draftOf } from '../../../admin/src/compose/draft/mapping';
import { undoMsOf } from '../../../admin/src/compose/undo';
import { aFile, aList, aStoredDraft, anIdentity, aSubmission } from './builders';

const to = (...value: string[]) => ({ value, pending: '' });

describe('From and Reply-To', () => {
  const news = anIdentity('mailbox:news');
  const system = anIdentity('system');
  const list = aList({
    from: [news, system],
    replyTo: [system],
    preselected: { from: 'mailbox:news', replyTo: 'system' },
  });
  const draft = emptyDraft('key');

  it('are preselected by the server until the author chooses', () => {
    expect(chosenFrom(draft, list)).toEqual({ identity: news, gone: false });
    expect(chosenReplyTo(draft, list)).toEqual({ identity: system, gone: false });
  });

  it('are the chosen identities, or none if none was chosen', () => {
    expect(chosenFrom({ ...draft, from: 'system' }, list).identity).toBe(system);
    expect(chosenReplyTo({ ...draft, replyTo: null }, list)).toEqual({ identity: null, gone: false });
  });

  it('are marked as gone, not replaced, when the chosen identity is not offered any more', () => {
    expect(chosenFrom({ ...draft, from: 'mailbox:old' }, list)).toEqual({ identity: null, gone: true });
    expect(chosenReplyTo({ ...draft, replyTo: 'own' }, list)).toEqual({ identity: null, gone: true });
  });

  it('are empty without offered identities', () => {
    expect(chosenFrom(draft, aList())).toEqual({ identity: null, gone: false });
  });
});

describe('the body of a submission', () => {
  const draft: Draft = { ...emptyDraft('key'), to: to('a@x.example'), subject: 'Hello', html: '<p>Text</p>' };
  const chosen = { tenant: 'club', from: 'system', replyTo: null } as const;

  it('omits properties that were not chosen', () => {
    expect(bodyOf(draft, chosen)).toEqual({
      tenant: 'club',
      from: 'system',
      to: ['a@x.example'],
      cc: [],
      bcc: [],
      subject: 'Hello',
      html: '<p>Text</p>',
      attachments: [],
      idempotencyKey: 'key',
    });
  });

  it('contains Reply-To, the scheduled time, and the stored draft', () => {
    const sendAt = '2026-01-20T09:30:00+01:00';
    const later = { date: '2026-01-20', time: '09:30', zone: 'Europe/Berlin' };
    expect(
      bodyOf({ ...draft, later }, { ...chosen, replyTo: 'own', sendAt, stored: { id: 'd1', version: 3 } })
    ).toMatchObject({
      replyTo: 'own',
      sendAt,
      sendZone: 'Europe/Berlin',
      draft: 'd1',
      draftVersion: 3,
    });
  });

  it('contains the accepted warnings, also when none is accepted', () => {
    expect(bodyOf(draft, { ...chosen, acceptWarnings: ['NO_TEXT'] }).acceptWarnings).toEqual(['NO_TEXT']);
    expect(bodyOf(draft, { ...chosen, acceptWarnings: [] }).acceptWarnings).toEqual([]);
  });

  it('contains the recipient that is still being typed', () => {
    const typing = { ...draft, to: { value: ['a@x.example'], pending: 'Ben <b@x.example>' } };
    expect(bodyOf(typing, chosen).to).toEqual(['a@x.example', { name: 'Ben', email: 'b@x.example' }]);
  });

  it('contains pictures in the text, and none that were removed from it', () => {
    const attachments = [attachedOf(aFile(1), 'picture-1'), attachedOf(aFile(2), 'picture-2'), attachedOf(aFile(3))];
    const html = '<p><img src="cid:picture-1" alt=""></p>';
    expect(bodyOf({ ...draft, html, attachments }, chosen).attachments).toEqual([
      { file: 1, name: 'file-1.png', cid: 'picture-1' },
      { file: 3, name: 'file-3.png' },
    ]);
  });
});

describe('a draft', () => {
  const draft = emptyDraft('key');
  it.each<[string, Partial<Draft>]>([
    ['with any identities', { from: 'system', replyTo: null, tenant: 'club' }],
    ['with empty paragraphs', { html: '<p></p><p></p>' }],
    ['with blanks for recipients', { to: { value: [], pending: ' ' } }],
  ])('is unwritten %s', (_, part) => {
    expect(isUnwritten({ ...draft, ...part })).toBe(true);
  });
  it.each<[string, Partial<Draft>]>([
    ['a subject', { subject: 'H' }],
    ['a letter', { html: '<p>H</p>' }],
    ['a recipient', { bcc: to('a@x.example') }],
    ['half a recipient', { to: { value: [], pending: 'a' } }],
    ['a file', { attachments: [attachedOf(aFile(1))] }],
    ['a time to send at', { later: { date: '', time: '', zone: 'UTC' } }],
  ])('is written with %s', (_, part) => {
    expect(isUnwritten({ ...draft, ...part })).toBe(false);
  });
});

describe('a stored draft', () => {
  const stored = (draft: Draft): StoredDraft => {
    const content = Object.fromEntries(Object.entries(contentOf(draft)).filter(([, value]) => value !== null));
    return aStoredDraft(JSON.parse(JSON.stringify(content)) as Partial<StoredDraft>);
  };
  const full: Draft = {
    ...emptyDraft('key'),
    tenant: 'club',
    from: 'mailbox:news',
    replyTo: 'own',
    to: { value: ['a@x.example', { email: 'b@x.example', name: 'Ben' }, 'not an address'], pending: '' },
    bcc: to('c@x.example'),
    subject: 'Hello',
    html: '<p>Text <img src="cid:picture-1" alt="A"></p>',
    attachments: [attachedOf(aFile(1), 'picture-1'), attachedOf(aFile(3))],
    later: { date: '2026-03-29', time: '02:30', zone: 'Europe/Berlin' },
  };

  it('opens whole, with invalid recipients and skipped times, and without the details of files', () => {
    const unknown = { mime: '', bytes: null, url: null };
    expect(draftOf(stored(full), 'key')).toEqual({
      ...full,
      attachments: full.attachments.map((file) => ({ ...file, ...unknown })),
    });
  });

  it('opens with the time its submission was rescheduled to, in the named zone', () => {
    const moved = aStoredDraft({ sendAt: '2026-12-01T00:30:00.000Z', sendZone: 'Asia/Tokyo' });
    expect(draftOf(moved, 'key').later).toEqual({ date: '2026-12-01', time: '09:30', zone: 'Asia/Tokyo' });
  });

  it('distinguishes no Reply-To from one that was not chosen yet', () => {
    expect(draftOf(stored({ ...full, replyTo: null }), 'key').replyTo).toBeNull();
    expect(draftOf(stored({ ...full, replyTo: undefined }), 'key').replyTo).toBeUndefined();
  });

  it('opens plain text as HTML', () => {
    const draft = draftOf(aStoredDraft({ text: 'One <b>\nline\n\nTwo & three' }), 'key');
    expect(draft.html).toBe('<p>One &#60;b&#62;<br>line</p><p>Two &#38; three</p>');
  });

  it('opens without identities and times that the form cannot show', () => {
    const odd = aStoredDraft({
      from: 'someone@x.example',
      replyTo: 'x',
      sendAt: 'tomorrow',
      to: [{ email: 'a@x.example' }],
    });
    expect(draftOf(odd, 'key')).toMatchObject({
      from: undefined,
      replyTo: undefined,
      later: null,
      to: to('a@x.example'),
    });
  });
});

describe('the size limit of attachments', () => {
  const draft = { html: '', attachments: [attachedOf(aFile(1, 3_000)), attachedOf(aFile(2, 500))] };

  it('is about three quarters of the maximum message size, because of Base64', () => {
    expect(sizeOf(draft, 10_000_000)).toEqual({ bytes: 3_500_000, limit: 7_307_692, over: false });
    expect(sizeOf(draft, 4_700_000).over).toBe(true);
  });

  it('is reduced by twice the size of the text', () => {
    expect(sizeOf({ ...draft, html: 'ä'.repeat(1000) }, 10_000_000).limit).toBe(7_304_769);
  });

  it('ignores pictures that were removed from the text', () => {
    const attachments = [attachedOf(aFile(1, 3_000), 'picture-1')];
    expect(sizeOf({ html: '', attachments }, 10_000_000).bytes).toBe(0);
    expect(pruned({ html: '<img src="cid:picture-1">', attachments })).toHaveLength(1);
  });
});

describe('Undo is offered', () => {
  const held = { state: 'held', createdAt: '2026-01-15T12:00:00.000Z' } as const;

  it("during the undo window, by the server's clock", () => {
    expect(undoMsOf(aSubmission({ ...held, nextAttemptAt: '2026-01-15T12:00:10.000Z' }))).toBe(10_000);
  });

  it('for 10 s after scheduling a message', () => {
    const later = '2026-01-16T12:00:00.000Z';
    expect(undoMsOf(aSubmission({ ...held, sendAt: later, nextAttemptAt: later }))).toBe(10_000);
  });

  it('never for a queued submission', () => {
    expect(undoMsOf(aSubmission({ state: 'queued' }))).toBe(0);
  });
});
