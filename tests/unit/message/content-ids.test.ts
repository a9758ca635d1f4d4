import { cleanHtml } from '../../../server/src/message/clean-html';
import { contentIdOf, shownCids, withContentIds } from '../../../server/src/message/content-ids';

const MESSAGE_ID = '<1-2-3@club.example>';

/** Cleaned first, as in production. */
const cleaned = (html: string): Promise<string> => cleanHtml(html, new Set(['a', 'b.png']));

describe('inline images', () => {
  it('are listed once each', async () => {
    const html = await cleaned('<p><img alt="x" src="cid:a"><img src="cid:a"><img src="cid:b.png" width=1></p>');
    expect([...shownCids(html)]).toEqual(['a', 'b.png']);
  });

  it.each([
    ['a text that looks like one', '&lt;img src="cid:a"&gt; <p>src="cid:a"</p>'],
    ['a description that looks like one', `<img alt='" src="cid:a"' src="https://club.example/x.png">`],
    ['a link', '<a href="https://club.example/?src=cid:a">cid:a</a>'],
    ['an unknown name', '<img src="cid:c">'],
  ])('do not include %s', async (_what, written) => {
    const html = await cleaned(written);
    expect([...shownCids(html)]).toEqual([]);
    expect(withContentIds(html, MESSAGE_ID)).toBe(html);
  });

  it('have the same globally unique id in HTML and attachment (RFC 2045 §7)', async () => {
    const html = await cleaned('<p><img src="cid:b.png" alt="B"> cid:a</p>');
    expect(contentIdOf('b.png', MESSAGE_ID)).toBe('b.png.1-2-3@club.example');
    expect(withContentIds(html, MESSAGE_ID)).toBe('<p><img src="cid:b.png.1-2-3@club.example" alt="B" /> cid:a</p>');
  });
});
