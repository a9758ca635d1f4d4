import { errorsOf, formOf, refusedOf } from '../../../admin/src/settings/events/form';
import { changed, foreignOf, oursOf, type Webhook } from '../../../admin/src/settings/events/webhook';

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

  it('shows an error of Strapi at its field, in the language of the page', () => {
    const refusal = (...errors: unknown[]) => ({
      status: 400,
      name: 'ValidationError',
      message: 'url must be a valid URL',
      details: { errors },
    });
    const url = { path: ['url'], message: 'url must be a valid URL', name: 'ValidationError' };
    const name = { path: ['name'], message: 'name is a required field', name: 'ValidationError' };
    const headers = { path: ['headers', 'X'], message: 'x', name: 'ValidationError' };
    expect(refusedOf(refusal(url))).toEqual({ url: 'webhook.url.refused' });
    expect(refusedOf(refusal(url, name))).toEqual({ url: 'webhook.url.refused', name: 'webhook.name.invalid' });
    expect(refusedOf(refusal(url, headers))).toBeNull();
    expect(refusedOf(refusal())).toBeNull();
    expect(refusedOf({ status: 500, message: 'Internal Server Error' })).toBeNull();
    expect(refusedOf(undefined)).toBeNull();
  });

  it('needs an event of ours, unless it listens to something else', () => {
    const none = { ...formOf(stored()), events: [] };
    expect(errorsOf(none, null)).toEqual({ events: 'webhook.events.none' });
    expect(errorsOf(none, stored({ events: ['mailboxes.grant.created'] }))).toEqual({ events: 'webhook.events.none' });
    expect(errorsOf(none, stored())).toEqual({});
  });
});
