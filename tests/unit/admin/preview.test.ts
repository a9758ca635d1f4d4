import { parse, type DefaultTreeAdapterMap } from 'parse5';
import { documentOf } from '../../../admin/src/compose/preview';

type Node = DefaultTreeAdapterMap['node'];

const PNG = 'data:image/png;base64,AAAA';
const PICTURES = new Map([['logo', PNG]]);

const tagsOf = (node: Node): string[] => [
  ...('tagName' in node ? [node.tagName] : []),
  ...('childNodes' in node ? node.childNodes.flatMap(tagsOf) : []),
];

describe('the document of a preview', () => {
  it('has the HTML of the message as its body, with pictures as data URLs', () => {
    expect(
      documentOf(
        '<h2 style="color:#b00">Hello</h2><p><img src="cid:logo" alt="Logo" /></p><blockquote>x</blockquote>',
        PICTURES
      )
    ).toBe(
      '<!doctype html><html><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="' +
        "default-src 'none'; img-src data:; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'" +
        '"><base target="_blank"></head><body>' +
        `<h2 style="color:#b00">Hello</h2><p><img src="${PNG}" alt="Logo" /></p><blockquote>x</blockquote>` +
        '</body></html>'
    );
  });

  it('adds no styles', () => {
    expect(tagsOf(parse(documentOf('<p>Hello</p>', PICTURES)))).toEqual([
      ...['html', 'head', 'meta', 'meta', 'base'],
      ...['body', 'p'],
    ]);
  });

  it.each([
    ['words that look like a picture', '<p>Write src="cid:logo" there</p>', '<p>Write src="cid:logo" there</p>'],
    ['a picture that could not be loaded', '<img src="cid:other" alt="x" />', '<img src="" alt="x" />'],
    ['a picture of the web', '<img src="https://club.example/a.png" />', '<img src="https://club.example/a.png" />'],
  ])('shows %s', (_what, html, body) => expect(documentOf(html, PICTURES)).toContain(`<body>${body}</body>`));
});
