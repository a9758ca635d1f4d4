import { cleanHtml } from '../../../server/src/message/clean-html';
import { textOf } from '../../../server/src/message/plain-text';

/** Input, expected HTML, and expected text part. */
type Habit = readonly [habit: string, html: string, arrives: string, text: string];

const CIDS: ReadonlySet<string> = new Set(['logo']);

const TEMPLATES: readonly Habit[] = [
  [
    'a table of words and numbers',
    '<table><tr><th>Name</th><th>Price</th></tr><tr><td>Boat</td><td>12</td></tr></table>',
    '<table><tr><th>Name</th><th>Price</th></tr><tr><td>Boat</td><td>12</td></tr></table>',
    'Name Price\nBoat 12',
  ],
  [
    'a table with a caption, head, body and foot',
    '<table><caption>Crew</caption><thead><tr><th>Seat</th></tr></thead><tbody><tr><td>Bow</td></tr></tbody><tfoot><tr><td>8</td></tr></tfoot></table>',
    '<table><caption>Crew</caption><thead><tr><th>Seat</th></tr></thead><tbody><tr><td>Bow</td></tr></tbody><tfoot><tr><td>8</td></tr></tfoot></table>',
    'Crew\nSeat\nBow\n8',
  ],
  [
    'tables as layout, with attributes',
    '<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" bgcolor="#f4f4f4"><tr><td align="center" valign="top"><table width="600"><tr><td>Hello</td></tr></table></td></tr></table>',
    '<table width="100%" cellpadding="0" cellspacing="0" border="0" bgcolor="#f4f4f4"><tr><td align="center" valign="top"><table width="600"><tr><td>Hello</td></tr></table></td></tr></table>',
    'Hello',
  ],
  [
    'text for the list of messages, hidden in the message',
    '<div style="display:none;max-height:0;overflow:hidden;mso-hide:all">Regatta on Sunday</div><p>Hello</p>',
    '<p>Hello</p>',
    'Hello',
  ],
  [
    'hidden text with every trick but display',
    '<span style="visibility:hidden;opacity:0;color:transparent;height:0;width:0">Regatta</span><p>Hello</p>',
    '<p>Hello</p>',
    'Hello',
  ],
  [
    'hidden text without height',
    '<div style="max-height:0px; overflow:hidden">Regatta</div><p>Hello</p>',
    '<p>Hello</p>',
    'Hello',
  ],
  ['the hidden attribute', '<p hidden>Draft</p><p>Hello</p>', '<p>Hello</p>', 'Hello'],
  [
    'hidden by the sheet',
    '<style>.preheader{display:none!important}</style><div class="preheader">Regatta</div><p>Hello</p>',
    '<p>Hello</p>',
    'Hello',
  ],
  [
    'a variant for phones beside that for desks',
    '<style>.phone{display:none}@media only screen and (max-width:600px){.phone{display:block}.desk{display:none}}</style><p class="desk">Wide</p><p class="phone">Narrow</p>',
    '<p>Wide</p>',
    'Wide',
  ],
  [
    'hidden first and shown later',
    '<p style="display:none;display:block">Hello</p>',
    '<p style="display:block">Hello</p>',
    'Hello',
  ],
  [
    'a list whose last item is hidden and never closed',
    '<ul><li>one<li style="display:none">two</ul>Bye',
    '<ul><li>one</li></ul>Bye',
    '* one\n\nBye',
  ],
  [
    'a pixel that counts readers',
    '<p>Hello</p><img src="https://club.example/p.gif" width="1" height="1" style="display:none">',
    '<p>Hello</p>',
    'Hello',
  ],
  [
    'pictures as blocks',
    '<img src="https://club.example/a.png" alt="Boats" width="600" style="display:block;max-width:100%;height:auto;border:0;outline:none">',
    '<img src="https://club.example/a.png" alt="Boats" width="600" style="display:block;max-width:100%;height:auto;border:0" />',
    '[Boats]',
  ],
  [
    'light text on a background shorthand',
    '<p style="background:#1a1a1a;color:#fff">Hello</p>',
    '<p style="background-color:#1a1a1a;color:#fff">Hello</p>',
    'Hello',
  ],
  [
    'a background with a picture and a colour behind it',
    '<td style="background:#123456 url(https://club.example/a.png) no-repeat center / cover;color:#fff">Hello</td>',
    '<td style="background-color:#123456;color:#fff">Hello</td>',
    'Hello',
  ],
  [
    'light text on a gradient',
    '<p style="background:linear-gradient(90deg, rgb(20, 30, 40) 0%, #333 100%);color:white">Hello</p>',
    '<p style="background-color:rgb(20, 30, 40);color:white">Hello</p>',
    'Hello',
  ],
  [
    'a button made of a link',
    '<a href="https://club.example/join" target="_blank" style="background:#06c;border-radius:4px;color:#ffffff;display:inline-block;padding:12px 24px;text-decoration:none">Join</a>',
    '<a href="https://club.example/join" style="background-color:#06c;border-radius:4px;color:#ffffff;display:inline-block;padding:12px 24px;text-decoration:none">Join</a>',
    'Join [https://club.example/join]',
  ],
  [
    'colours and fonts of the page',
    '<!doctype html><html lang="en"><head><title>News</title><style>body{margin:0;background:#eeeeee;font-family:Arial,sans-serif}</style></head><body><p>Hello</p></body></html>',
    '<div lang="en"><div style="margin:0;background-color:#eeeeee;font-family:Arial,sans-serif"><p>Hello</p></div></div>',
    'Hello',
  ],
  [
    'colours of the page as attributes',
    '<body bgcolor="#000000" text="#ffffff" link="#0000ff"><p>Hello</p></body>',
    '<div style="background-color:#000000;color:#ffffff"><p>Hello</p></div>',
    'Hello',
  ],
  ['a page without any', '<html><body><p>Hello</p></body></html>', '<p>Hello</p>', 'Hello'],
  [
    'a page from right to left',
    '<html dir="rtl" lang="he"><body><p>שלום</p></body></html>',
    '<div dir="rtl" lang="he"><p>שלום</p></div>',
    'שלום',
  ],
  ['a body from right to left', '<body dir="rtl"><p>שלום</p></body>', '<div dir="rtl"><p>שלום</p></div>', 'שלום'],
  [
    'direction as a style',
    '<p style="direction:rtl;unicode-bidi:embed">שלום</p>',
    '<p style="direction:rtl;unicode-bidi:embed">שלום</p>',
    'שלום',
  ],
  [
    'direction by the text itself, as the editor writes it',
    '<p dir="auto">שלום</p><ul dir="auto"><li dir="auto">x</li></ul>',
    '<p dir="auto">שלום</p><ul dir="auto"><li dir="auto">x</li></ul>',
    'שלום\n\n * x',
  ],
  [
    'a sheet for print',
    '<style media="print">p{color:blue}</style><style media="screen">p{margin:0}</style><p>Hello</p>',
    '<p style="margin:0">Hello</p>',
    'Hello',
  ],
  [
    'a sheet for phones',
    '<style>p{font-size:14px}</style><style media="screen and (max-width: 480px)">p{font-size:30px}</style><p>Hello</p>',
    '<p style="font-size:14px">Hello</p>',
    'Hello',
  ],
  [
    'rules for screens of any size',
    '<style>@media screen{@font-face{font-family:Club;src:url(https://club.example/f.woff)}p{font-family:Club,Arial}}</style><p>Hello</p>',
    '<p style="font-family:Club,Arial">Hello</p>',
    'Hello',
  ],
  [
    'a sheet with an import and a charset before its rules',
    '<style>@charset "utf-8";@import url("https://club.example/x.css");p{margin:0}</style><p>Hello</p>',
    '<p style="margin:0">Hello</p>',
    'Hello',
  ],
  [
    'a last rule that is not closed',
    '<style>p{color:red</style><p>Hello</p>',
    '<p style="color:red">Hello</p>',
    'Hello',
  ],
  [
    'comments in a sheet',
    '<style>/* base */ p{/* text */color:red}</style><p>Hello</p>',
    '<p style="color:red">Hello</p>',
    'Hello',
  ],
  [
    'one declaration that cannot be read',
    '<p style="color:red;margin;;:1px;font-size:12px">Hello</p>',
    '<p style="color:red;font-size:12px">Hello</p>',
    'Hello',
  ],
  [
    'a style that cannot be read beside a sheet',
    '<style>p{color:red}</style><p style=";">Hello</p><p>World</p>',
    '<p style="color:red">Hello</p><p style="color:red">World</p>',
    'Hello\n\nWorld',
  ],
  [
    'properties in capitals',
    '<p style="COLOR: red; Margin:0 auto">Hello</p>',
    '<p style="color:red;margin:0 auto">Hello</p>',
    'Hello',
  ],
  [
    'what is important',
    '<style>p{color:red !important}</style><p style="color:blue;margin:0 !important">Hello</p>',
    '<p style="color:red;margin:0">Hello</p>',
    'Hello',
  ],
  [
    'template code that was not filled in',
    '<style>p{color:red}</style><p>{{name}} <%= price %> JUICE_CODE_BLOCK_0_</p>',
    '<p style="color:red">{{name}} &lt;%= price %&gt; JUICE_CODE_BLOCK_0_</p>',
    '{{name}} <%= price %> JUICE_CODE_BLOCK_0_',
  ],
  [
    'definitions',
    '<dl><dt>Bow</dt><dd>front</dd><dt>Stern</dt><dd>back</dd></dl>',
    '<dl><dt>Bow</dt><dd>front</dd><dt>Stern</dt><dd>back</dd></dl>',
    'Bow\nfront\nStern\nback',
  ],
  [
    'a figure, an address and a centered line',
    '<figure><img src="cid:logo" alt="Logo"><figcaption>Ours</figcaption></figure><address>Quay 1</address><center>Bye</center>',
    '<figure><img src="cid:logo" alt="Logo" /><figcaption>Ours</figcaption></figure><address>Quay 1</address><center>Bye</center>',
    '[Logo]\nOurs\n\nQuay 1\nBye',
  ],
  [
    'a form and what can be folded',
    '<form><fieldset><legend>Crew</legend>Eight</fieldset></form><details><summary>More</summary>Less</details>',
    '<div><div><div>Crew</div>Eight</div></div><div><div>More</div>Less</div>',
    'Crew\nEight\nMore\nLess',
  ],
  [
    'a link with blanks around it',
    '<a href=" https://club.example\n">Club</a>',
    '<a href="https://club.example">Club</a>',
    'Club [https://club.example]',
  ],
  [
    'a link without a scheme',
    '<a href="www.club.example/a">Club</a>',
    '<a href="https://www.club.example/a">Club</a>',
    'Club [https://www.club.example/a]',
  ],
  [
    'a list that goes on elsewhere',
    '<ol start="3"><li>three</li><li>four</li></ol>',
    '<ol start="3"><li>three</li><li>four</li></ol>',
    '3. three\n 4. four',
  ],
  [
    'a list that begins with a number that has no Roman letters',
    '<ol type="i" start="100000"><li>one</li></ol>',
    '<ol type="i"><li>one</li></ol>',
    'i. one',
  ],
  [
    'a list that runs out of Roman letters',
    '<ol type="I" start="3999"><li>one</li><li>two</li></ol>',
    '<ol type="I" start="3999"><li>one</li><li>two</li></ol>',
    '3999. one\n 4000. two',
  ],
];

const OUTLOOK_AND_WORD: readonly Habit[] = [
  [
    'the sheet of Word, in marks of a comment',
    '<style><!--\n@font-face\n\t{font-family:Calibri;}\np.MsoNormal, li.MsoNormal\n\t{margin:0cm;\n\tfont-size:11.0pt;\n\tfont-family:"Calibri",sans-serif;\n\tmso-fareast-language:EN-US;}\n@page WordSection1\n\t{size:612.0pt 792.0pt;}\n--></style><p class=MsoNormal>Hello</p>',
    `<p style="margin:0cm;font-size:11.0pt;font-family:'Calibri',sans-serif">Hello</p>`,
    'Hello',
  ],
  [
    'the first rule behind the mark',
    '<style><!-- .r{color:red} --></style><p class="r">Hello</p>',
    '<p style="color:red">Hello</p>',
    'Hello',
  ],
  [
    'settings of Office in an island of XML',
    '<xml><w:WordDocument><w:View>Normal</w:View></w:WordDocument></xml><p>Hello</p>',
    '<p>Hello</p>',
    'Hello',
  ],
  ['an island that is never closed', '<xml/><p>Hello</p>', '<p>Hello</p>', 'Hello'],
  [
    'conditional comments',
    '<!--[if mso]><table><tr><td>Outlook</td></tr></table><![endif]--><!--[if !mso]><!--><p>Others</p><!--<![endif]--><![if !vml]><p>All</p><![endif]>',
    '<p>Others</p><p>All</p>',
    'Others\n\nAll',
  ],
  [
    'what only Outlook hides',
    '<p style="mso-hide:all;font-size:12px">Hello</p>',
    '<p style="font-size:12px">Hello</p>',
    'Hello',
  ],
  [
    'text that Word hides',
    `<p class=MsoNormal><span style='display:none;mso-hide:all'>secret</span>Hello</p>`,
    '<p>Hello</p>',
    'Hello',
  ],
  [
    'line heights and gaps of tables for Outlook',
    '<table style="mso-table-lspace:0pt;mso-table-rspace:0pt"><tr><td style="mso-line-height-rule:exactly;line-height:20px">Hello</td></tr></table>',
    '<table style="mso-table-lspace:0pt;mso-table-rspace:0pt"><tr><td style="mso-line-height-rule:exactly;line-height:20px">Hello</td></tr></table>',
    'Hello',
  ],
  [
    'the body of Word, with fonts in quotes',
    `<body lang=EN-GB link="#0563C1" vlink="#954F72" style='word-wrap:break-word'><div class=WordSection1><p class=MsoNormal style='font-family:"Times New Roman",serif'>Hello<o:p></o:p></p></div></body>`,
    '<div lang="EN-GB" style="word-wrap:break-word"><div><p style="font-family:&quot;Times New Roman&quot;,serif">Hello</p></div></div>',
    'Hello',
  ],
  [
    'quoted fonts beside a sheet',
    '<style>p{margin:0}</style><p style="font-family:&quot;Segoe UI&quot;,Arial;color:red">Hello</p>',
    `<p style="margin:0;font-family:'Segoe UI',Arial;color:red">Hello</p>`,
    'Hello',
  ],
  [
    'an empty line of Outlook',
    '<p class=MsoNormal>One</p><p class=MsoNormal><o:p>&nbsp;</o:p></p><p class=MsoNormal>Two</p>',
    '<p>One</p><p>\u00a0</p><p>Two</p>',
    'One\n\n\u00a0\n\nTwo',
  ],
];

const GMAIL: readonly Habit[] = [
  [
    'lines as blocks, with empty ones between them',
    '<div dir="ltr">One<div><br></div><div>Two</div></div>',
    '<div dir="ltr">One<div><br /></div><div>Two</div></div>',
    'One\n\n\nTwo',
  ],
  [
    'an answer with a quotation',
    '<div dir="ltr">Yes</div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">On Sunday Ada wrote:<br></div><blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex;border-left:1px solid rgb(204,204,204);padding-left:1ex">Coming?</blockquote></div>',
    '<div dir="ltr">Yes</div><br /><div><div dir="ltr">On Sunday Ada wrote:<br /></div><blockquote style="margin:0px 0px 0px 0.8ex;border-left:1px solid rgb(204,204,204);padding-left:1ex">Coming?</blockquote></div>',
    'Yes\n\nOn Sunday Ada wrote:\n\n\n> Coming?',
  ],
  [
    'fonts and sizes of its toolbar',
    '<div><font face="georgia, serif" size="4" color="#ff0000">Hello</font> <span style="background-color:rgb(255,242,204)">you</span></div>',
    '<div><font face="georgia, serif" size="4" color="#ff0000">Hello</font> <span style="background-color:rgb(255,242,204)">you</span></div>',
    'Hello you',
  ],
];

const SETS = { templates: TEMPLATES, 'Outlook and Word': OUTLOOK_AND_WORD, Gmail: GMAIL };

it('has at least 40 habits', () => {
  expect(Object.values(SETS).flat().length).toBeGreaterThanOrEqual(40);
});

describe.each(Object.entries(SETS))('HTML of %s', (_origin, habits) => {
  it.each(habits)('keeps the look of %s', async (_habit, html, arrives, text) => {
    const cleaned = await cleanHtml(html, CIDS);
    expect(cleaned).toBe(arrives);
    expect(textOf(cleaned)).toBe(text);
    // Cleaning again, as of a stored signature, changes nothing.
    expect(await cleanHtml(cleaned, CIDS)).toBe(cleaned);
  });
});
