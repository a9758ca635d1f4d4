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
  log.push(store.get().kept?.id ?? 'nothing kept');
  return log;
};

describe('leaving the form', () => {
  it('deletes the draft of a form that was emptied again', async () =>
    expect(await left((store) => store.change({ subject: ' ' }))).toEqual(['saved', 'deleted d1', 'nothing kept']));

  it('deletes a draft that holds a date and no more', async () => {
    const later = { date: '2026-12-01', time: '09:30', zone: 'Asia/Tokyo' };
    expect(await left((store) => store.change({ subject: '', later }))).toEqual([
      'saved',
      'deleted d1',
      'nothing kept',
    ]);
  });

  it('keeps a draft that holds anything', async () => {
    expect(await left(() => undefined)).toEqual(['saved', 'd1']);
    expect(await left((store) => store.change({ subject: '', html: '<p>Hello</p>' }))).toEqual(['saved', 'd1']);
  });

  it('keeps a draft where the server may have more than the form', async () => {
    for (const saving of [
      { kind: 'failed', error: {} },
      { kind: 'conflict', other: aStoredDraft() },
    ] as const)
      expect(
        await left((store) => {
          store.change({ subject: '' });
          store.saving(saving);
        })
      ).toEqual(['saved', 'd1']);
  });

  it('keeps a draft that another tab has written into since, or that cannot be read', async () => {
    const written = { data: aStoredDraft({ id: 'd1', version: 2, subject: 'From the other tab' }) };
    for (const onServer of [written, { error: { status: 503 } }])
      expect(await left((store) => store.change({ subject: '' }), onServer)).toEqual(['saved', 'd1']);
  });

  it('asks for nothing where nothing was stored', async () =>
    expect(await left((store) => store.discard())).toEqual(['saved', 'nothing kept']));
});
