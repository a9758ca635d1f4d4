import { errorsOf, formOf } from '../../../admin/src/events/form';
import { changed, foreignOf, oursOf, type Webhook } from '../../../admin/src/events/webhook';

const stored = (differs: Partial<Webhook> = {}): Webhook => ({
  id: '1',
  name: 'Follow up',
  url: 'https://receiver.example/hook',
  headers: { 'X-Key': 'k' },
  events: ['entry.publish', 'mailboxes.submission.failed', 'mailboxes.grant.created'],
  isEnabled: true,
  ...differs,
});

describe('a webhook', () => {
  it('has events of ours and of others', () => {
    expect(oursOf(stored())).toEqual(['mailboxes.submission.failed', 'mailboxes.grant.created']);
    expect(foreignOf(stored())).toEqual(['entry.publish']);
    expect(foreignOf(stored({ events: ['mailboxes.of.another.plugin'] }))).toEqual(['mailboxes.of.another.plugin']);
  });

  it('keeps headers and foreign events when the form changes it', () => {
    const form = { ...formOf(stored()), name: 'Renamed', events: ['mailboxes.submission.submitted'] as const };
    expect(changed(stored(), form)).toEqual({
      name: 'Renamed',
      url: 'https://receiver.example/hook',
      headers: { 'X-Key': 'k' },
      events: ['entry.publish', 'mailboxes.submission.submitted'],
      isEnabled: true,
    });
    expect(changed(stored({ headers: null }), form).headers).toEqual({});
  });

  it.each([
    ['', 'name'],
    ['1st', 'name'],
    ['Über', 'name'],
    ['A-B', 'name'],
  ])('is not called %j: Strapi’s own page could not save it', (name, field) => {
    expect(Object.keys(errorsOf({ ...formOf(stored()), name }, stored()))).toEqual([field]);
  });

  it.each(['', 'receiver.example', 'ftp://receiver.example', 'https://', 'https://a b'])('is not at %j', (url) => {
    expect(Object.keys(errorsOf({ ...formOf(stored()), url }, stored()))).toEqual(['url']);
  });

  it('needs an event of ours, unless it listens to something else', () => {
    const none = { ...formOf(stored()), events: [] };
    expect(errorsOf(none, null)).toEqual({ events: 'webhook.events.none' });
    expect(errorsOf(none, stored({ events: ['mailboxes.grant.created'] }))).toEqual({ events: 'webhook.events.none' });
    expect(errorsOf(none, stored())).toEqual({});
  });
});
