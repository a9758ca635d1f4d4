import { cleanHtml } from '../../../server/src/message/clean-html';
import { textOf } from '../../../server/src/message/plain-text';
import { TEMPLATES, type Habit } from './html-templates.table';

const CIDS: ReadonlySet<string> = new Set(['logo']);

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
