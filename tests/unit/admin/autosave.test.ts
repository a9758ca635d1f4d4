import { createAutosave, isDirty, type Answer, type Drafts } from '../../../admin/src/compose/draft/autosave';
import { createDraftStore } from '../../../admin/src/compose/draft/store';
import { createLocalBackups } from '../../../admin/src/compose/draft/local-backup';
import { emptyDraft } from '../../../admin/src/compose/draft/draft';
import type { Content } from '../../../admin/src/compose/draft/mapping';
import type { RefusalBody } from '../../../admin/src/shared/refusals/refusal';
import { aStoredDraft, aSubmission } from './builders';

const keys = () => {
  let made = 0;
  return () => `key-${(made += 1)}`;
};

/** In-memory drafts with the server's rules (decision 0009); `hold` blocks requests until it is released. */
const aServer = () => {
  const stored = new Map<string, { version: number; content: Content; submission?: string }>();
  const log: string[] = [];
  let refusal: RefusalBody | null = null;
  let lost = false;
  let gate: Promise<void> | null = null;
  const entry = (id: string): Answer => {
    const { version = 0, content } = stored.get(id) ?? {};
    const given = Object.fromEntries(Object.entries(content ?? {}).filter(([, value]) => value !== null));
    return { data: aStoredDraft({ ...(given as object), id, version }) };
  };
  const refused = (code: string, details: object = {}, status = 409): Answer => ({
    error: { status, details: { code, ...details } },
  });
  const answer = async (line: string, act: () => Answer): Promise<Answer> => {
    log.push(line);
    await gate;
    if (refusal) return { error: refusal };
    const answered = act();
    return lost ? { error: {} } : answered;
  };
  const drafts: Drafts = {
    create: (content) =>
      answer(`create ${content.subject}`, () => {
        const id = `d${stored.size + 1}`;
        stored.set(id, { version: 1, content });
        return entry(id);
      }),
    update: (id, { version, ...content }) =>
      answer(`update ${id} ${version} ${content.subject}`, () => {
        const before = stored.get(id);
        if (!before) return refused('NOT_FOUND', {}, 404);
        if (before.submission) return refused('INVALID_STATE', { submission: before.submission });
        if (before.version !== version) return refused('INVALID_STATE', { version: before.version });
        stored.set(id, { version: version + 1, content });
        return entry(id);
      }),
    get: (id) => answer(`get ${id}`, () => (stored.has(id) ? entry(id) : refused('NOT_FOUND', {}, 404))),
  };
  return {
    drafts,
    stored,
    log,
    /** Requests take effect, but their answers are lost. */
    lose: (now: boolean) => (lost = now),
    refuse: (body: RefusalBody | null) => (refusal = body),
    hold: () => {
      let open = () => undefined as void;
      gate = new Promise((resolve) => (open = resolve));
      return () => {
        gate = null;
        open();
      };
    },
  };
};

const setUp = () => {
  const server = aServer();
  const store = createDraftStore(keys());
  const planned: { run: () => void; ms: number }[] = [];
  const schedule = (run: () => void, ms: number) => {
    const one = { run, ms };
    planned.push(one);
    return () => void planned.splice(planned.indexOf(one), 1);
  };
  const autosave = createAutosave(store, server.drafts, schedule);
  store.subscribe(autosave.changed);
  store.enter('1');
  return { ...server, store, autosave, planned };
};

describe('autosave', () => {
  it('sends no request for an unwritten draft', async () => {
    const { store, autosave, log, planned } = setUp();
    store.change({ from: 'system', html: '<p></p>' });
    expect(planned).toEqual([]);
    await autosave.flush();
    expect(log).toEqual([]);
  });

  it('saves 1 s after the first change, and further changes with the version that they change', async () => {
    const { store, planned, log, autosave } = setUp();
    store.change({ subject: 'H' });
    store.change({ subject: 'He' });
    expect(planned.map(({ ms }) => ms)).toEqual([1000]);
    planned.shift()?.run();
    await autosave.flush();
    store.change({ subject: 'Hello' });
    await autosave.flush();
    expect(log).toEqual(['create He', 'update d1 1 Hello']);
    expect([store.get().stored?.version, store.get().saving.kind, isDirty(store.get())]).toEqual([2, 'idle', false]);
  });

  it('sends one request at a time, and saves changes made during it', async () => {
    const { store, autosave, log, hold } = setUp();
    store.change({ subject: 'One' });
    const open = hold();
    const saved = autosave.flush();
    store.change({ subject: 'Two' });
    expect(autosave.flush()).toBe(saved);
    expect([log, isDirty(store.get())]).toEqual([['create One'], true]);
    open();
    await saved;
    expect([log, isDirty(store.get())]).toEqual([['create One', 'update d1 1 Two'], false]);
  });

  it('reports a failed save and retries it with increasing delays', async () => {
    const { store, autosave, planned, refuse, stored } = setUp();
    refuse({});
    store.change({ subject: 'Offline' });
    await autosave.flush();
    expect(store.get().saving).toEqual({ kind: 'failed', error: {} });
    expect(planned.map(({ ms }) => ms)).toEqual([2000]);
    planned.shift()?.run();
    await autosave.flush();
    expect(planned.map(({ ms }) => ms)).toEqual([5000]);
    refuse(null);
    planned.shift()?.run();
    await autosave.flush();
    expect([stored.get('d1')?.content.subject, store.get().saving.kind]).toEqual(['Offline', 'idle']);
  });

  it('reports a conflict with the version of another tab, and overwrites neither', async () => {
    const { store, autosave, stored, drafts } = setUp();
    store.change({ subject: 'Mine' });
    await autosave.flush();
    await drafts.update('d1', { ...(stored.get('d1') as { content: Content }).content, subject: 'Theirs', version: 1 });
    store.change({ subject: 'Mine, too' });
    await autosave.flush();
    expect(store.get().saving).toMatchObject({ kind: 'conflict', other: { subject: 'Theirs', version: 2 } });
    store.change({ subject: 'Mine, still' });
    await autosave.flush();
    expect(stored.get('d1')?.content.subject).toBe('Theirs');
  });

  it.each([
    ['keeps this one', 'overwrite', { d1: 'Mine' }, 'Mine'],
    ['takes the other one', 'takeOther', { d1: 'Theirs' }, 'Theirs'],
    ['keeps both as two drafts', 'detach', { d1: 'Theirs', d2: 'Mine' }, 'Mine'],
  ] as const)('of two versions in conflict %s', async (_, choice, expected, shown) => {
    const { store, autosave, stored, drafts } = setUp();
    store.change({ subject: 'First' });
    await autosave.flush();
    await drafts.update('d1', { ...(stored.get('d1') as { content: Content }).content, subject: 'Theirs', version: 1 });
    store.change({ subject: 'Mine' });
    await autosave.flush();
    const { saving } = store.get();
    if (saving.kind !== 'conflict') throw new Error(saving.kind);
    store[choice](saving.other);
    await autosave.flush();
    const subjects = Object.fromEntries([...stored].map(([id, { content }]) => [id, content.subject]));
    expect([subjects, store.get().draft.subject, isDirty(store.get())]).toEqual([expected, shown, false]);
  });

  it('reports no conflict when only the answer to its own request was lost', async () => {
    const { store, autosave, stored, lose, log } = setUp();
    store.change({ subject: 'First' });
    await autosave.flush();
    store.change({ subject: 'Stored without an answer' });
    lose(true);
    await autosave.flush();
    lose(false);
    store.change({ subject: 'Further' });
    await autosave.flush();
    expect([store.get().saving.kind, stored.get('d1')]).toMatchObject([
      'idle',
      { version: 3, content: { subject: 'Further' } },
    ]);
    expect(log.filter((line) => line.startsWith('create'))).toHaveLength(1);
  });

  it('saves again after a failed save of a draft that was emptied meanwhile', async () => {
    const { store, autosave, planned, refuse, stored } = setUp();
    store.change({ subject: 'Offline' });
    refuse({});
    await autosave.flush();
    store.change({ subject: '' });
    refuse(null);
    planned.shift()?.run();
    await autosave.flush();
    store.change({ subject: 'Online' });
    planned.shift()?.run();
    await autosave.flush();
    expect(stored.get('d1')?.content.subject).toBe('Online');
  });

  it('reports the submission of a draft that another tab has sent, and does not change it', async () => {
    const { store, autosave, stored } = setUp();
    store.change({ subject: 'Mine' });
    await autosave.flush();
    stored.set('d1', { version: 1, content: stored.get('d1')!.content, submission: 's1' });
    store.change({ subject: 'Too late' });
    await autosave.flush();
    expect(store.get().saving).toEqual({ kind: 'sent', submission: 's1' });
  });

  it('stores a draft that was deleted elsewhere as a new one', async () => {
    const { store, autosave, stored } = setUp();
    store.change({ subject: 'Mine' });
    await autosave.flush();
    stored.delete('d1');
    store.change({ subject: 'Mine again' });
    await autosave.flush();
    expect([...stored.values()].map(({ content }) => content.subject)).toEqual(['Mine again']);
  });

  it('ignores the answer for a draft that was replaced in the form', async () => {
    const { store, autosave, hold, stored } = setUp();
    store.change({ subject: 'One' });
    const open = hold();
    const saved = autosave.flush();
    store.startAnew();
    store.change({ subject: 'Two' });
    open();
    await saved;
    const subjects = [...stored.values()].map(({ content }) => content.subject);
    expect([subjects, store.get().stored?.id]).toEqual([['One', 'Two'], 'd2']);
  });
});

describe('the draft store', () => {
  const typed = { subject: 'Hello', html: '<p>Text</p>' };

  it('keeps the idempotency key over changes and saves', async () => {
    const { store, autosave } = setUp();
    const { key } = store.get().draft;
    store.change(typed);
    await autosave.flush();
    store.change({ html: '<p>More text</p>' });
    expect(store.get().draft).toMatchObject({ key, subject: 'Hello', html: '<p>More text</p>' });
  });

  it('empties the form after a submission, with a new key and the same identities', () => {
    const { store } = setUp();
    const { key } = store.get().draft;
    store.change({ ...typed, tenant: 'club', from: 'system' });
    store.accepted(aSubmission(), 10_000, store.get());
    expect(store.get()).toMatchObject({
      stored: null,
      draft: { tenant: 'club', from: 'system', subject: '', html: '' },
    });
    expect(store.get().draft.key).not.toBe(key);
  });

  it('keeps a dirty draft when the submission of the draft before it is accepted', () => {
    const { store } = setUp();
    store.change({ subject: 'One' });
    const one = store.get();
    store.startAnew();
    store.change(typed);
    const two = store.get();
    store.accepted(aSubmission(), 10_000, one);
    expect(store.get()).toMatchObject({ draft: two.draft, confirmed: two.confirmed, stored: null });
    expect(isDirty(store.get())).toBe(true);
    expect(store.get().sent).toMatchObject({ draft: { subject: 'One' }, stored: null });
    store.enter('2');
    store.accepted(aSubmission(), 10_000, one);
    expect(store.get().sent).toBeNull();
  });

  it('restores the whole draft with Undo, under a new key', () => {
    const { store } = setUp();
    store.change(typed);
    store.accepted(aSubmission(), 10_000, store.get());
    const sent = store.get().sent!;
    store.restore(sent.draft);
    expect(store.get()).toMatchObject({ draft: typed, sent: null });
    expect(store.get().draft.key).not.toBe(sent.draft.key);
  });

  it('clears the draft when another user enters', () => {
    const { store } = setUp();
    store.change(typed);
    store.enter('1');
    expect(store.get().draft).toMatchObject(typed);
    store.enter('2');
    expect(store.get()).toMatchObject({ stored: null, draft: { subject: '', html: '' } });
  });
});

describe('local backups', () => {
  const aStorage = () => {
    const map = new Map<string, string>();
    return {
      map,
      getItem: (key: string) => map.get(key) ?? null,
      setItem: (key: string, value: string) => void map.set(key, value),
      removeItem: (key: string) => void map.delete(key),
      key: (index: number) => [...map.keys()][index] ?? null,
      get length() {
        return map.size;
      },
    };
  };
  const backupOf = (key: string, at: number) => ({
    draft: { ...emptyDraft(key), subject: key },
    kept: null,
    tab: 't',
    at,
  });

  it('are listed for their author only, the latest first', () => {
    const backups = createLocalBackups(aStorage());
    backups.write('1', backupOf('a', 1));
    backups.write('1', backupOf('b', 2));
    backups.write('2', backupOf('c', 3));
    expect(backups.all('1')).toEqual([backupOf('b', 2), backupOf('a', 1)]);
    backups.remove('1', 'b');
    expect(backups.all('1').map(({ draft }) => draft.key)).toEqual(['a']);
  });

  it('ignore unreadable entries and a full storage', () => {
    const storage = aStorage();
    const backups = createLocalBackups(storage);
    backups.write('1', backupOf('a', 1));
    storage.map.set('strapi-plugin-mailboxes:unsaved:1:b', '{"draft":{"subject":1}}');
    storage.map.set('strapi-plugin-mailboxes:unsaved:1:c', 'no JSON');
    expect(backups.all('1')).toHaveLength(1);
    const full = createLocalBackups({
      ...storage,
      setItem: () => {
        throw new Error('QuotaExceededError');
      },
    });
    expect(() => full.write('1', backupOf('d', 1))).not.toThrow();
  });
});
