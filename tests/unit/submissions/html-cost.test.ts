import { cleanHtml, htmlProblem } from '../../../server/src/submissions/html';
import { textOf } from '../../../server/src/submissions/plain-text';

const NO_PICTURES: ReadonlySet<string> = new Set();
/** No machine is as slow, so that the bounds on size are what is tested. */
const NO_LIMIT_MS = 60_000;

const clean = (html: string): Promise<string> => cleanHtml(html, NO_PICTURES, NO_LIMIT_MS);

describe('what a library hands back', () => {
  it.each([
    ['lines in quotations in quotations', `${'<blockquote>'.repeat(190)}${'x<br>'.repeat(5000)}`, 'x\n', 5000],
    ['lines as they are, quoted', `${'<blockquote>'.repeat(190)}<pre>${'x\n'.repeat(20_000)}</pre>`, 'x\n', 20_000],
    ['words in lists in lists', `${'<ul><li>'.repeat(95)}${'word '.repeat(50_000)}`, 'word ', 50_000],
    ['cells', `<table>${'<tr><td>x</td><td>y</td></tr>'.repeat(9000)}</table>`, 'x y\n', 9000],
  ])('as plain text is not longer than the HTML: %s', async (_what, html, piece, times) => {
    expect(htmlProblem(html)).toBeNull();
    const text = textOf(await clean(html));
    expect(text.length).toBeLessThanOrEqual(html.length);
    expect(text).toBe(piece.repeat(times).trim());
  });

  it('is replaced by the words alone where the library cannot convert the HTML', () => {
    expect(textOf('<constructor><p>One</p><table><tr><td>a</td><td>b</td></tr></table>Two')).toBe('One\na b\nTwo');
  });

  it('keeps descriptions of pictures in a text that is not marked', () => {
    const many = '<p><img src="https://club.example/a.png" alt="Boat"></p>'.repeat(15_000);
    expect(textOf(many)).toBe('[Boat]\n'.repeat(15_000).trim());
  });
});
