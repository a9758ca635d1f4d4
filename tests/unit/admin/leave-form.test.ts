import type { Answer } from '../../../admin/src/compose/draft/autosave';
import { createDraftStore } from '../../../admin/src/compose/draft/store';
import { leaveForm } from '../../../admin/src/compose/leave-form';
import { aStoredDraft } from './builders';

const left = async (
  change: (store: ReturnType<typeof createDraftStore>) => void,
  onServer: Answer = { data: aStoredDraft({ id: 'd1', version: 1 }) }
): Promise<string[]> => {
  const store = createDraftStore(() => 'key');
  const log: string[] = [];
  const stored = aStoredDraft({ id: 'd1', version: 1, subject: 'Hello' });
  store.open(stored);
  change(store);
  await leaveForm(store, {
    flush: () => {
      log.push('saved');
      return Promise.resolve();
    },
    get: () => Promise.resolve(onServer),
    remove: (id) => Promise.resolve(log.push(`deleted ${id}`)),
  });
  log.push(store.get().stored?.id ?? 'no stored draft');
  return log;
};

describe('leaving the form', () => {
  it('deletes the stored draft of a form that was emptied again', async () =>
    expect(await left((store) => store.change({ subject: ' ' }))).toEqual(['saved', 'deleted d1', 'no stored draft']));

  it('deletes a draft with a scheduled time only', async () => {
    const later = { date: '2026-12-01', time: '09:30', zone: 'Asia/Tokyo' };
    expect(await left((store) => store.change({ subject: '', later }))).toEqual([
      'saved',
      'deleted d1',
      'no stored draft',
    ]);
  });

  it('keeps a draft with content', async () => {
    expect(await left(() => undefined)).toEqual(['saved', 'd1']);
    expect(await left((store) => store.change({ subject: '', html: '<p>Hello</p>' }))).toEqual(['saved', 'd1']);
  });

  it('keeps a draft after a failed save or a conflict', async () => {
    for (const saving of [
      { kind: 'failed', error: {} },
      { kind: 'conflict', other: aStoredDraft() },
    ] as const)
      expect(
        await left((store) => {
          store.change({ subject: '' });
          store.setSaving(saving);
        })
      ).toEqual(['saved', 'd1']);
  });

  it('keeps a draft that another tab has changed since, or that cannot be read', async () => {
    const written = { data: aStoredDraft({ id: 'd1', version: 2, subject: 'From the other tab' }) };
    for (const onServer of [written, { error: { status: 503 } }])
      expect(await left((store) => store.change({ subject: '' }), onServer)).toEqual(['saved', 'd1']);
  });

  it('sends no request for a draft that was never stored', async () =>
    expect(await left((store) => store.discard())).toEqual(['saved', 'no stored draft']));
});
