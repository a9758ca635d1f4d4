import { readSystemMailbox } from '../../../server/src/system-mailbox/read';

const read = (defaultFrom: unknown, from: { name: string | null; email: string } | null = null) => {
  const { name, email } = readSystemMailbox({ from, overSmtp: true }, { settings: { defaultFrom } });
  return { name, email };
};

describe("the system mailbox's name and address (rules §3)", () => {
  it.each<[unknown, string | null, string | null]>([
    ['one@site.example', null, 'one@site.example'],
    ['<one@site.example>', null, 'one@site.example'],
    ['Site <one@site.example>', 'Site', 'one@site.example'],
    ['"Site, Club" <one@site.example>', 'Site, Club', 'one@site.example'],
    ['"ceo@corp.example" <one@site.example>', null, null],
    ['one@site.example, two@site.example', null, null],
    ['Site', null, null],
    ['', null, null],
    [undefined, null, null],
    [{ name: 'Site', address: 'one@site.example' }, null, null],
    ['Strapi <no-reply@strapi.io>', null, null],
    ['no-reply@STRAPI.io', null, null],
    ['one@mail.strapi.io', null, 'one@mail.strapi.io'],
  ])('come from defaultFrom %j', (defaultFrom, name, email) => {
    expect(read(defaultFrom)).toEqual({ name, email });
  });

  it.each<[{ name: string | null; email: string }, unknown, string | null, string]>([
    [{ name: 'Club', email: 'club@site.example' }, 'Site <one@site.example>', 'Club', 'club@site.example'],
    [{ name: null, email: 'club@site.example' }, 'Site <one@site.example>', 'Site', 'club@site.example'],
    [{ name: null, email: 'club@site.example' }, undefined, null, 'club@site.example'],
    [{ name: null, email: 'club@site.example' }, 'Strapi <no-reply@strapi.io>', null, 'club@site.example'],
    [{ name: null, email: 'club@site.example' }, 'Strapi <no-reply@STRAPI.IO>', null, 'club@site.example'],
  ])('come from the configuration %j first, field by field', (from, defaultFrom, name, email) => {
    expect(read(defaultFrom, from)).toEqual({ name, email });
  });

  it('is not set up with an address at strapi.io, wherever it stands', () => {
    expect(read(undefined, { name: null, email: 'me@strapi.io' }).email).toBeNull();
  });
});

describe('which From the system mailbox carries (delivery §3a)', () => {
  it.each([
    [true, 'sendmail', 'any'],
    [false, 'nodemailer', 'any'],
    [false, '@strapi/provider-email-nodemailer', 'any'],
    [false, 'Nodemailer', 'any'],
    [false, 'sendmail', 'system-address-only'],
    [false, 'mailgun', 'system-address-only'],
    [false, undefined, 'system-address-only'],
  ])('over our own SMTP settings %s, or the provider %s: %s', (overSmtp, provider, carries) => {
    expect(readSystemMailbox({ from: null, overSmtp }, { provider }).carries).toBe(carries);
  });
});
