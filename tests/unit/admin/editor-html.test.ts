import { checkedLink, incoming, isBlank, isLink, outgoing } from '../../../admin/src/editor/html';

const SIGNATURE = '<div data-signature="mailbox:news"><p>The club</p><p><img src="cid:a@x" alt="Logo"></p></div>';

describe('a text', () => {
  it.each([
    '',
    '<p></p>',
    '<p><br></p>',
    '<p> &nbsp;\u200b</p><ul><li><p></p></li></ul>',
    SIGNATURE,
    `<p><br></p>${SIGNATURE}<p></p>`,
  ])('is blank: %j', (html) => {
    expect(isBlank(html)).toBe(true);
  });

  it.each([
    'Hello',
    '<p>Hello</p>',
    `<p>Hello</p>${SIGNATURE}`,
    `${SIGNATURE}<p>P.S.</p>`,
    '<p><img src="cid:a@x"></p>',
  ])('is not blank: %j', (html) => {
    expect(isBlank(html)).toBe(false);
  });
});

describe('outgoing HTML', () => {
  it('is empty for an empty editor', () => {
    expect(['<p></p>', '<p></p><p> </p>'].map(outgoing)).toEqual(['', '']);
  });

  it('is the signature if there is no other content', () => {
    expect(outgoing(`<p></p>${SIGNATURE}`)).toBe(`<p><br></p>${SIGNATURE}`);
  });

  it('keeps empty lines except at the end', () => {
    expect(outgoing('<p>One</p><p></p><p>Two</p><p></p>')).toBe('<p>One</p><p><br></p><p>Two</p>');
  });

  it('is unchanged after a round trip, also through the server', () => {
    expect(incoming('<p>One</p><p><br></p><p><br /></p>')).toBe('<p>One</p><p></p><p></p>');
    expect(incoming('<h1 id="a">One</h1><h5>Two</h5><hr>')).toBe('<h2 id="a">One</h2><h3>Two</h3><hr>');
    expect(incoming('<p>One<br>Two</p>')).toBe('<p>One<br>Two</p>');
  });
});

describe('the target of a link', () => {
  it.each(
    Object.entries({
      'https://club.example/a?b=1#c': 'https://club.example/a?b=1#c',
      ' http://club.example ': 'http://club.example',
      'club.example': 'https://club.example',
      'club.example:8080/a': 'https://club.example:8080/a',
      'bücher.example': 'https://bücher.example',
      'news@club.example': 'mailto:news@club.example',
      'mailto:news@club.example?subject=Hello': 'mailto:news@club.example?subject=Hello',
      'tel:+49 (30) 123-45': 'tel:+493012345',
    })
  )('%j is %j', (typed, target) => {
    expect(checkedLink(typed)).toBe(target);
    expect(isLink(target)).toBe(true);
  });

  it.each([
    '',
    'hello',
    'javascript:alert(1)',
    'JavaScript://club.example/%0aalert(1)',
    'java\nscript:alert(1)',
    'data:text/html,x',
    'vbscript:x',
    'file:///etc/passwd',
    'ftp://club.example',
    '//club.example',
    '/admin',
    'https://',
    'https:// club.example',
    'mailto:nobody',
    'tel:',
    'https://club.example/\u202egpj.exe',
  ])('%j is none', (typed) => {
    expect(checkedLink(typed)).toBeNull();
  });
});
