/** Body of a small submission from the system mailbox. A test names only what differs. */
export const letter = (differs: object = {}) => ({
  from: 'system' as const,
  to: ['reader@news.example'],
  subject: 'Hello',
  text: 'Hello',
  ...differs,
});
