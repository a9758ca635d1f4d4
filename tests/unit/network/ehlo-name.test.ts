import { ehloNameOf } from '../../../server/src/network/ehlo-name';

describe('the name at EHLO', () => {
  it.each<[string, Parameters<typeof ehloNameOf>[0], string]>([
    [
      'the configured one',
      { configured: 'mail.site.example', serverUrl: 'https://www.site.example', machine: 'web.site.example' },
      'mail.site.example',
    ],
    [
      'the domain of server.url',
      { serverUrl: 'https://www.site.example/cms', machine: 'web.site.example' },
      'www.site.example',
    ],
    ['that domain as A-label', { serverUrl: 'https://bücher.example', machine: 'x' }, 'xn--bcher-kva.example'],
    ['that domain without its port', { serverUrl: 'http://www.site.example:1337', machine: 'x' }, 'www.site.example'],
    [
      'the full name of the machine, without server.url',
      { serverUrl: '', machine: 'web.site.example' },
      'web.site.example',
    ],
    ['that name, where server.url is a path', { serverUrl: '/cms', machine: 'web.site.example' }, 'web.site.example'],
    [
      'that name, where server.url holds an address',
      { serverUrl: 'http://192.0.2.7:1337', machine: 'web.site.example' },
      'web.site.example',
    ],
    [
      'that name, where server.url holds an IPv6 address',
      { serverUrl: 'http://[2001:db8::1]', machine: 'web.site.example' },
      'web.site.example',
    ],
    [
      'that name, where server.url is localhost',
      { serverUrl: 'http://localhost:1337', machine: 'web.site.example' },
      'web.site.example',
    ],
    ['that name, where server.url is no text', { serverUrl: 5, machine: 'web.site.example' }, 'web.site.example'],
    ['the literal, where the machine has no full name', { serverUrl: undefined, machine: '3f2a9c1b' }, '[127.0.0.1]'],
    [
      'the literal of the machine, where its name is an address',
      { serverUrl: undefined, machine: '192.0.2.7' },
      '[192.0.2.7]',
    ],
    ['the literal, where its name is no name', { serverUrl: undefined, machine: 'a b.example' }, '[127.0.0.1]'],
  ])('is %s', (_what, from, expected) => {
    expect(ehloNameOf(from)).toBe(expected);
  });
});
