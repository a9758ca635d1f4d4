import { bodyOf, chosenFrom, chosenReplyTo, emptyDraft } from '../../../admin/src/compose/draft';
import { createDraftStore } from '../../../admin/src/compose/draft-store';
import { undoMsOf } from '../../../admin/src/compose/undo';
import { aList, anIdentity, aSubmission } from './builders';

const keys = () => {
  let made = 0;
  return () => `key-${(made += 1)}`;
};

describe('From and Reply-To', () => {
  const news = anIdentity('mailbox:news');
  const system = anIdentity('system');
  const list = aList({
    from: [news, system],
    replyTo: [system],
    preselected: { from: 'mailbox:news', replyTo: 'system' },
  });
  const draft = emptyDraft('key');

  it('are what the server preselects until somebody chooses', () => {
    expect(chosenFrom(draft, list)).toEqual({ identity: news, gone: false });
    expect(chosenReplyTo(draft, list)).toEqual({ identity: system, gone: false });
  });

  it('are what somebody chose, none among them', () => {
    expect(chosenFrom({ ...draft, from: 'system' }, list).identity).toBe(system);
    expect(chosenReplyTo({ ...draft, replyTo: null }, list)).toEqual({ identity: null, gone: false });
  });

  it('are not replaced by another when what was chosen is not offered any more', () => {
    expect(chosenFrom({ ...draft, from: 'mailbox:old' }, list)).toEqual({ identity: null, gone: true });
    expect(chosenReplyTo({ ...draft, replyTo: 'own' }, list)).toEqual({ identity: null, gone: true });
  });

  it('are nothing where nothing is offered', () => {
    expect(chosenFrom(draft, aList())).toEqual({ identity: null, gone: false });
  });
});

describe('what is sent to the server', () => {
  const draft = { ...emptyDraft('key'), to: 'a@x.example', subject: 'Hello', text: 'Text' };
  const chosen = { tenant: 'club', from: 'system', replyTo: null, sendAt: null } as const;

  it('leaves out what was not chosen', () => {
    expect(bodyOf(draft, chosen)).toEqual({
      tenant: 'club',
      from: 'system',
      to: ['a@x.example'],
      cc: [],
      bcc: [],
      subject: 'Hello',
      text: 'Text',
      idempotencyKey: 'key',
    });
  });

  it('holds Reply-To and the time to send at', () => {
    const sendAt = '2026-01-20T09:30:00+01:00';
    expect(bodyOf(draft, { ...chosen, replyTo: 'own', sendAt })).toMatchObject({ replyTo: 'own', sendAt });
  });
});

describe('the text an editor has typed', () => {
  const typed = { to: 'a@x.example', subject: 'Hello', text: 'Text' };

  it('keeps its key however often it is changed or sent', () => {
    const store = createDraftStore(keys());
    const { key } = store.get().draft;
    store.change(typed);
    store.change({ text: 'More text' });
    expect(store.get().draft).toMatchObject({ key, subject: 'Hello', text: 'More text' });
  });

  it('makes room for the next message, with another key and the same addresses, once it was accepted', () => {
    const store = createDraftStore(keys());
    const { key } = store.get().draft;
    store.change({ ...typed, tenant: 'club', from: 'system' });
    store.accepted(aSubmission(), 10_000);
    expect(store.get().draft).toMatchObject({ tenant: 'club', from: 'system', to: '', subject: '', text: '' });
    expect(store.get().draft.key).not.toBe(key);
  });

  it('comes back whole with Undo, as another message', () => {
    const store = createDraftStore(keys());
    store.change(typed);
    store.accepted(aSubmission(), 10_000);
    const sent = store.get().sent!;
    store.restore(sent.draft);
    expect(store.get()).toMatchObject({ draft: typed, sent: null });
    expect(store.get().draft.key).not.toBe(sent.draft.key);
  });

  it('is remembered by the submission it became', () => {
    const store = createDraftStore(keys());
    for (let index = 0; index < 25; index += 1) {
      store.change({ text: `Text ${index}` });
      store.accepted(aSubmission({ id: `sub-${index}` }), 0);
    }
    expect(store.get().typed.get('sub-24')).toMatchObject({ text: 'Text 24' });
    expect([store.get().typed.size, store.get().typed.has('sub-4')]).toEqual([20, false]);
  });

  it("is nobody else's", () => {
    const store = createDraftStore(keys());
    store.enter('1');
    store.change(typed);
    store.enter('1');
    expect(store.get().draft).toMatchObject(typed);
    store.enter('2');
    expect(store.get().draft).toMatchObject({ to: '', subject: '', text: '' });
  });
});

describe('Undo is offered', () => {
  const held = { state: 'held', createdAt: '2026-01-15T12:00:00.000Z' } as const;

  it("for the undo window, by the server's own clock", () => {
    expect(undoMsOf(aSubmission({ ...held, nextAttemptAt: '2026-01-15T12:00:10.000Z' }))).toBe(10_000);
  });

  it('for a moment when the message is scheduled', () => {
    const later = '2026-01-16T12:00:00.000Z';
    expect(undoMsOf(aSubmission({ ...held, sendAt: later, nextAttemptAt: later }))).toBe(10_000);
  });

  it('not when the message is on its way already', () => {
    expect(undoMsOf(aSubmission({ state: 'queued' }))).toBe(0);
  });
});
