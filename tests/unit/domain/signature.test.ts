import { escapeHtml, htmlOfText, signedBy } from '../../../server/src/domain/signature';
import { withoutHanging } from '../../support/cost';

const ADA = { name: 'Ada Archer', roles: ['Editor', 'Press'] };
const html = (template: string, author = ADA): string => signedBy({ html: template, text: '' }, author).html;
const text = (template: string, author = ADA): string => signedBy({ html: '', text: template }, author).text;

describe('a signature', () => {
  it('contains the author’s name and roles', () => {
    expect(html('<p>{{author.name}}<br>{{ author.role }}</p>')).toBe('<p>Ada Archer<br>Editor, Press</p>');
    expect(text('{{author.name}}\n{{author.role}}, {{author.name}}')).toBe('Ada Archer\nEditor, Press, Ada Archer');
  });

  it('has an empty role for an author without roles', () => {
    expect(text('{{author.name}} ({{author.role}})', { name: 'Ada', roles: [] })).toBe('Ada ()');
  });

  it.each([
    '{{author.email}}',
    '{{author}}',
    '{{ }}',
    '{{author.name}',
    '{author.name}',
    '{{Author.Name}}',
    '{{author.constructor}}',
    '{{unsubscribe}}',
  ])('keeps %s unchanged', (template) => {
    expect(html(template)).toBe(template);
    expect(text(template)).toBe(template);
  });

  it('escapes a name that looks like HTML or a variable', () => {
    const author = { name: `<b onclick='x'>"A" & $& {{author.role}}</b>`, roles: ['Editor'] };
    expect(html('<p>{{author.name}}</p>', author)).toBe(
      '<p>&lt;b onclick=&#39;x&#39;&gt;&quot;A&quot; &amp; $&amp; {{author.role}}&lt;/b&gt;</p>'
    );
    expect(text('{{author.name}}', author)).toBe(author.name);
  });

  it.each(['{{ ', '{{', '{{author.', ' '])('keeps a megabyte of %j in linear time', (part) => {
    const typed = `{{${part.repeat(1_000_000 / part.length)}`;
    expect(withoutHanging(() => html(typed) === typed)).toBe(true);
  });
});

describe('a text as HTML', () => {
  it.each(
    Object.entries<[string, string]>({
      'a line': ['Club', '<p>Club</p>'],
      lines: ['Club\r\nRing road 1\rBerlin\nx', '<p>Club<br />Ring road 1<br />Berlin<br />x</p>'],
      blocks: ['\n\nClub\n \nRing road 1\n\n\n\nBerlin\n', '<p>Club</p><p>Ring road 1</p><p>Berlin</p>'],
      signs: ['<b> & "c"', '<p>&lt;b&gt; &amp; &quot;c&quot;</p>'],
      nothing: [' \n\n ', ''],
    })
  )('keeps %s', (_what, [typed, expected]) => expect(htmlOfText(typed)).toBe(expected));
});

it('escapeHtml replaces every sign with a meaning in HTML', () => {
  expect(escapeHtml(`<a href="x" title='y'>&amp;`)).toBe('&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;&amp;amp;');
});
