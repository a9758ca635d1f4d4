import { changedDraft, recipientCount, subjectStart } from '../../../server/src/domain/draft';

it('changedDraft keeps missing keys and removes keys that are null', () => {
  const before = { subject: 'a', text: 'b', replyTo: 'own' };
  expect(changedDraft(before, { subject: '', replyTo: null, html: null, text: undefined })).toEqual({
    subject: '',
    text: 'b',
  });
  expect(before).toEqual({ subject: 'a', text: 'b', replyTo: 'own' });
});

it('recipientCount counts invalid and duplicate recipients', () => {
  expect(recipientCount({})).toBe(0);
  expect(recipientCount({ to: ['a', 'a'], cc: [''], bcc: [{ email: 'b' }] })).toBe(4);
});

it('subjectStart cuts the subject and removes NUL', () => {
  expect(subjectStart({})).toBe('');
  expect(subjectStart({ subject: 'a\0b' })).toBe('ab');
  expect(subjectStart({ subject: 'x'.repeat(2000) })).toHaveLength(998);
});
