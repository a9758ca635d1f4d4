import { shownAddress } from '../../../admin/src/shared/i18n/shown-address';

describe('an address on a page', () => {
  it.each([
    ['info@xn--bcher-kva.example', 'info@bücher.example'],
    ['ümlaut@mail.xn--bcher-kva.example', 'ümlaut@mail.bücher.example'],
    ['info@xn--fiqs8s.xn--mgbh0fb', 'info@中国.مثال'],
    ['info@xn--mnchen-ost-9db.example', 'info@münchen-ost.example'],
  ])('shows the domain of %s as it is written', (stored, shown) => expect(shownAddress(stored)).toBe(shown));

  it.each([
    'info@club.example',
    'xn--bcher-kva',
    'info@xn--.example',
    'info@xn--bcher-kvä.example',
    'info@xn--99999999999999.example',
    'info@xn--a.example',
    '',
  ])('leaves %j as it is', (stored) => expect(shownAddress(stored)).toBe(stored));
});
