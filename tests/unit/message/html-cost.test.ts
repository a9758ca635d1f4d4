import { cleanHtml, htmlProblem } from '../../../server/src/message/clean-html';
import { textOf } from '../../../server/src/message/plain-text';

const NO_PICTURES: ReadonlySet<string> = new Set();
/** A time limit that no machine reaches, so that the size limits are tested. */
const NO_LIMIT_MS = 60_000;

const clean = (html: string): Promise<string> => cleanHtml(html, NO_PICTURES, NO_LIMIT_MS);

const PLACEHOLDER = 'JUICE_CODE_BLOCK_0_ ';

describe('text that looks like template code', () => {
  it.each([
    ['elements, 43 kB', '<b>x</b>'.repeat(400), 2000],
    ['empty styles, 90 kB', '<p style></p>'.repeat(400), 4000],
    ['letters, 180 kB', 'A'.repeat(60_000), 6000],
    ['links, 170 kB', '<a>x</a>'.repeat(1000), 8000],
    ['a signature of 50,000 characters', 'A'.repeat(10_000), 1995],
  ])('is sent once, as typed: %s', async (_what, block, times) => {
    const cleaned = await clean(`<style>i{color:red}</style><i>{{${block}}}</i>${PLACEHOLDER.repeat(times)}`);
    const written = block.replaceAll('<p style>', '<p>');
    expect(cleaned.length).toBeLessThan(200_000);
    expect(cleaned).toBe(`<i style="color:red">{{${written}}}</i>${PLACEHOLDER.repeat(times).trim()}`);
  });

  it('is sent once from a form that escapes its input', async () => {
    const typed = `&lt;% ${'A'.repeat(20_000)} %&gt; {{${'B'.repeat(20_000)}}} ${PLACEHOLDER.repeat(3000).trim()}`;
    const html = `<style>p{margin:0}</style><p>${typed}</p>`;
    expect(await clean(html)).toBe(`<p style="margin:0">${typed}</p>`);
  });
});

describe('characters that are escaped', () => {
  const times = (piece: string, count: number) => piece.repeat(count);

  it.each([
    ['greater-than signs', (count: number) => `<p>${times('>', count)}</p>`],
    ['lone ampersands', (count: number) => times('&', count)],
    ['ampersands before words', (count: number) => times('&am', count)],
    ['references', (count: number) => times('&lt;', count)],
    ['signs in a value', (count: number) => `<p title="${times('<', count)}">x</p>`],
    ['quotes in a value', (count: number) => `<p title='${times('"', count)}'>x</p>`],
    ['beginnings of an instruction', (count: number) => times('<?', count)],
  ])('are rejected above the limit: %s', (_what, html) => {
    expect(htmlProblem(html(140_000))).toBeNull();
    expect(htmlProblem(html(160_000))).toBe('has too many elements');
  });

  it('do not count where the cleaner keeps them', () => {
    expect(htmlProblem(`<p>${'"\''.repeat(200_000)}</p>`)).toBeNull();
  });
});

describe('distinct styles', () => {
  const styled = (count: number) =>
    Array.from({ length: count }, (_, n) => `<p style="width:${10_000 + n}px">x</p>`).join('');

  it('are kept on a thousand elements', async () => {
    expect(await clean(styled(1000))).toBe(styled(1000));
  });

  it('are dropped from the remaining elements above the cost limit', async () => {
    const cleaned = await clean(styled(20_000));
    expect(cleaned).toContain('<p style="width:14000px">x</p>');
    expect(cleaned).toContain('<p>x</p>');
    expect(cleaned).not.toContain('width:29999px');
  });

  it('cost once if many elements share them', async () => {
    const same = '<p style="color:red">x</p>'.repeat(20_000);
    expect(await clean(same)).toBe(same);
  });
});

describe('the output of the libraries', () => {
  it('is discarded if the style sheet makes short HTML long', async () => {
    const styled = `<style>*{font-family:${'a'.repeat(180)}}</style>`;
    expect(await clean(`${styled}${'<p>x</p>'.repeat(100)}`)).toContain('<p style="font-family:aaa');
    expect(await clean(`${styled}${'<p>x</p>'.repeat(8000)}`)).toBe('<p>x</p>'.repeat(8000));
  });

  it('stays below a million characters with variables that double each other', async () => {
    const variables = Array.from({ length: 30 }, (_, n) =>
      `--${'a'.repeat(n + 2)}:var(--${'a'.repeat(n + 1)}) `.repeat(2)
    );
    const sheet = `:root{--a:${'x'.repeat(100)};${variables.join(';')}}p{font-family:var(--${'a'.repeat(20)})}`;
    expect((await cleanHtml(`<style>${sheet}</style><p>x</p>`, NO_PICTURES)).length).toBeLessThan(1_000_000);
  });

  it.each([
    ['lines in quotations in quotations', `${'<blockquote>'.repeat(190)}${'x<br>'.repeat(5000)}`, 'x\n', 5000],
    ['lines as they are, quoted', `${'<blockquote>'.repeat(190)}<pre>${'x\n'.repeat(20_000)}</pre>`, 'x\n', 20_000],
    ['words in lists in lists', `${'<ul><li>'.repeat(95)}${'word '.repeat(50_000)}`, 'word ', 50_000],
    ['cells', `<table>${'<tr><td>x</td><td>y</td></tr>'.repeat(9000)}</table>`, 'x y\n', 9000],
  ])('is no longer as plain text than as HTML: %s', async (_what, html, piece, times) => {
    expect(htmlProblem(html)).toBeNull();
    const text = textOf(await clean(html));
    expect(text.length).toBeLessThanOrEqual(html.length);
    expect(text).toBe(piece.repeat(times).trim());
  });

  it('has no marks as plain text above the limit of elements', () => {
    expect(textOf('<p>x</p>'.repeat(13_000))).toBe('x\n\n'.repeat(13_000).trim());
    expect(textOf('<p>x</p>'.repeat(14_000))).toBe('x\n'.repeat(14_000).trim());
  });

  it('is replaced by text without marks if the library cannot convert the HTML', () => {
    expect(textOf('<constructor><p>One</p><table><tr><td>a</td><td>b</td></tr></table>Two')).toBe('One\na b\nTwo');
  });

  it('keeps descriptions of images in text without marks', () => {
    const many = '<p><img src="https://club.example/a.png" alt="Boat"></p>'.repeat(15_000);
    expect(textOf(many)).toBe('[Boat]\n'.repeat(15_000).trim());
  });
});
