import { envelopeOf } from '../../../server/src/domain/envelope';

const through = (email: string, transport: string) =>
  envelopeOf({ email, transport: { kind: 'system', email: transport } });

describe('envelopeOf (rules §4)', () => {
  it.each([
    ['a mailbox over its own server', 'news@club.example', 'news@club.example', null],
    ['a mailbox over the system transport', 'news@club.example', 'system@site.example', 'system@site.example'],
    ['the own address over the system transport', 'ada@club.example', 'system@site.example', 'system@site.example'],
    ['the system mailbox', 'system@site.example', 'system@site.example', null],
    ['an address that differs in case only', 'News@Club.example', 'news@club.example', null],
    ['an address that differs in the form of its domain only', 'a@bücher.example', 'a@xn--bcher-kva.example', null],
    ['an address with a tag', 'news+a@club.example', 'news@club.example', 'news@club.example'],
    ['an address with a dot', 'ne.ws@club.example', 'news@club.example', 'news@club.example'],
    ['a tenant’s system address over the site’s', 'club@club.example', 'system@site.example', 'system@site.example'],
  ])('%s', (_what, from, transport, sender) => {
    expect(through(from, transport)).toEqual({ mailFrom: transport, sender });
  });

  it('uses the address of the transport', () => {
    const transport = { kind: 'mailbox', mailbox: 'm1', name: 'News', email: 'news@club.example' } as const;
    expect(envelopeOf({ email: 'NEWS@club.example', transport })).toEqual({
      mailFrom: 'news@club.example',
      sender: null,
    });
  });
});
