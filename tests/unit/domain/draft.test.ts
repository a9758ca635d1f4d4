import { changedDraft, recipientCount, subjectStart } from '../../../server/src/domain/draft';

it('a change leaves what it does not name, and takes away what it says is null', () => {
  const before = { subject: 'a', text: 'b', replyTo: 'own' };
  expect(changedDraft(before, { subject: '', replyTo: null, html: null, text: undefined })).toEqual({
    subject: '',
    text: 'b',
  });
  expect(before).toEqual({ subject: 'a', text: 'b', replyTo: 'own' });
});

it('recipients are counted as they were typed', () => {
  expect(recipientCount({})).toBe(0);
  expect(recipientCount({ to: ['a', 'a'], cc: [''], bcc: [{ email: 'b' }] })).toBe(4);
});

it('the beginning of a subject is short, and a column of text holds it', () => {
  expect(subjectStart({})).toBe('');
  expect(subjectStart({ subject: 'a\0b' })).toBe('ab');
  expect(subjectStart({ subject: 'x'.repeat(2000) })).toHaveLength(998);
});
