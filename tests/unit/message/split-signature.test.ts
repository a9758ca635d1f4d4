import { cleanMessage } from '../../../server/src/message/clean-html';

const split = (html: string) => cleanMessage(html, new Set());

describe('cleanMessage', () => {
  it.each<[string, string, html: string, own: string]>([
    [
      'below a text',
      '<p>Hi</p><div data-signature="own"><p>Ada</p></div>',
      '<p>Hi</p><div><p>Ada</p></div>',
      '<p>Hi</p>',
    ],
    [
      'between texts, with other attributes on both sides',
      '<p>a</p><div lang="en" data-signature="own" title="x > y"><div>Ada</div></div><p>b</p>',
      '<p>a</p><div lang="en" title="x &gt; y"><div>Ada</div></div><p>b</p>',
      '<p>a</p><p>b</p>',
    ],
    ['without a value', '<p>Hi</p><div data-signature>Ada</div>', '<p>Hi</p><div>Ada</div>', '<p>Hi</p>'],
    ['within another', '<div data-signature="a">A<b data-signature="b">B</b></div>!', '<div>A<b>B</b></div>!', '!'],
    ['an element without an end', '<img data-signature="a" alt="A">Hi', '<img alt="A" />Hi', 'Hi'],
    ['an element that is not closed', '<p>Hi</p><div data-signature="a">A', '<p>Hi</p><div>A</div>', '<p>Hi</p>'],
  ])('splits off the signature and removes its attribute: %s', async (_, input, html, own) => {
    expect(await split(input)).toEqual({ html, own });
  });

  it.each([
    ['in a text', '<p>&lt;div data-signature="a"&gt; data-signature="b"</p>'],
    ['in a value', '<p title=" data-signature=" lang="en">x</p>'],
    ['in a link', '<a href="https://a.example/?x= data-signature=&quot;">x</a>'],
  ])('finds no signature where only its name stands %s', async (_, input) => {
    const { html, own } = await split(input);
    expect(own).toBe(html);
    expect(await split(html)).toEqual({ html, own });
    expect(html.match(/data-signature/g)).toEqual(input.match(/data-signature/g));
  });
});
