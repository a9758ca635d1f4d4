import * as yup from 'yup';
import { draftSchema, parseDraft } from '../../../server/src/contracts/draft';
import { submitSchema } from '../../../server/src/contracts/submission';
import { countingReads } from '../../support/cost';

describe('a draft', () => {
  it('has the keys of a submission except draft, draftVersion and acceptWarnings, and a version', () => {
    const { draft: _, draftVersion: __, acceptWarnings: ___, ...typed } = submitSchema.fields;
    expect(Object.keys(draftSchema.fields).sort()).toEqual([...Object.keys(typed), 'version'].sort());
  });

  it('contains only the given keys', () => {
    expect(parseDraft({})).toEqual({ ok: true, value: { version: undefined, tenant: undefined, change: {} } });
    expect(parseDraft({ version: 2, tenant: 'club', subject: ' a\n', replyTo: null })).toEqual({
      ok: true,
      value: { version: 2, tenant: 'club', change: { subject: ' a\n', replyTo: null } },
    });
  });

  it('rejects numbers that JSON cannot represent', () => {
    for (const undoSeconds of [Infinity, -Infinity, NaN])
      expect(parseDraft({ undoSeconds })).toMatchObject({
        ok: false,
        refusal: { code: 'INVALID_INPUT', details: { path: 'undoSeconds' } },
      });
  });

  it('keeps unchecked Content-IDs of images', () => {
    const attachments = [{ file: 1, name: 'x', cid: 'not yet right' }];
    expect(parseDraft({ attachments })).toMatchObject({ ok: true, value: { change: { attachments } } });
    expect(parseDraft({ attachments: [{ file: 1, cid: 1 }] })).toMatchObject({
      refusal: { code: 'INVALID_INPUT', details: { path: 'attachments' } },
    });
  });

  it('reports an unknown key before a wrong type, independent of their position', () => {
    const refusal = { code: 'UNKNOWN_FIELD', details: { path: 'cc[0].group' } };
    expect(parseDraft({ to: 1, cc: [{ group: [] }] })).toMatchObject({ ok: false, refusal });
  });

  it('checks a list without a yup call per item, and reads each item a fixed number of times', () => {
    const validate = jest.spyOn(yup.Schema.prototype as unknown as { _validate: () => void }, '_validate');
    const costOf = (length: number) => {
      const to = Array.from({ length }, (_, n) => ({ email: `${n}` }));
      const attachments = to.map((_, file) => ({ file }));
      const { value, reads } = countingReads({ to, attachments });
      validate.mockClear();
      expect(parseDraft(value).ok).toBe(true);
      return { calls: validate.mock.calls.length, reads: reads() };
    };
    const [one, two, three] = [1000, 2000, 3000].map(costOf);
    validate.mockRestore();
    expect(one?.calls).toBeGreaterThan(0);
    expect([two?.calls, three?.calls]).toEqual([one?.calls, one?.calls]);
    expect(one?.reads).toBeGreaterThan(2000);
    expect(Number(three?.reads) - Number(two?.reads)).toBe(Number(two?.reads) - Number(one?.reads));
  });
});
