import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { runInNewContext } from 'node:vm';
import pkg from '../../package.json';
import { readSettings } from '../../server/src/config';

const ROOT = path.resolve(__dirname, '../..');
const EXAMPLES = path.join(ROOT, 'docs/examples');

const blocksOf = (file: string, language = 'ts'): string[] =>
  readFileSync(path.join(ROOT, file), 'utf8')
    .split(new RegExp(`^\`\`\`${language}\n`, 'm'))
    .slice(1)
    .map((rest) => rest.slice(0, rest.indexOf('```')));

const documents = ['README.md', ...readdirSync(path.join(ROOT, 'docs')).filter((name) => name.endsWith('.md'))].map(
  (name) => (name === 'README.md' ? name : `docs/${name}`)
);
const examples = new Map(
  readdirSync(EXAMPLES).map((name) => [name, readFileSync(path.join(EXAMPLES, name), 'utf8')] as const)
);

describe('the code that the documentation shows', () => {
  it.each(documents)('of %s is that of the files that are compiled', (document) => {
    for (const block of blocksOf(document)) expect([...examples.values()]).toContain(block);
  });

  it.each([...examples.keys()])('%s is shown somewhere', (name) => {
    expect(documents.flatMap((document) => blocksOf(document))).toContain(examples.get(name));
  });
});

describe('the configuration that the documentation shows', () => {
  const FILE = 'export default ';

  /** Returns the configuration that Strapi passes to the plugin, from a whole config/plugins or from keys of `mailboxes.config`. */
  const configOf = (code: string): object => {
    const expression = code.startsWith(FILE)
      ? `(${code.slice(FILE.length).trim().replace(/;$/, '')})({ env: () => 'secret' }).mailboxes.config`
      : `({ ${code} })`;
    // Through JSON: objects of another realm are no plain ones.
    return JSON.parse(JSON.stringify(runInNewContext(expression))) as object;
  };

  const blocks = documents.flatMap((document) =>
    blocksOf(document, 'js').map((code, index) => [document, index + 1, code] as const)
  );

  it.each(blocks)('of %s is accepted by a start: block %i', (_, __, code) => {
    const config = configOf(code);
    expect(Object.keys(config)).not.toEqual([]);
    expect(Object.keys(readSettings(config))).toEqual(expect.arrayContaining(Object.keys(config)));
  });

  it('precedes the build in the README, for a file that a new application has', () => {
    const readme = readFileSync(path.join(ROOT, 'README.md'), 'utf8');
    const [config, build] = ['config/plugins.ts', 'npm run build'].map((text) => readme.indexOf(text)) as [
      number,
      number,
    ];
    expect(config).toBeGreaterThan(0);
    expect(build).toBeGreaterThan(config);
  });
});

/** Texts of the repository, tracked or new. */
const sources = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
  cwd: ROOT,
  encoding: 'utf8',
})
  .split('\0')
  .filter((file) => /\.(?:ts|tsx|mjs|cjs|js|md)$/.test(file) && existsSync(path.join(ROOT, file)));

/** Relative targets of links and pictures, without code. */
const linksOf = (document: string): { file: string; anchor: string }[] => {
  const text = readFileSync(path.join(ROOT, document), 'utf8')
    .replace(/^```[\s\S]*?^```$/gm, '')
    .replace(/`[^`\n]*`/g, '');
  return [...text.matchAll(/\]\(([^)\s]+)\)|<img src="([^"]+)"/g)]
    .map(([, link, picture]) => link ?? picture ?? '')
    .filter((target) => !/^\w+:/.test(target))
    .map((target) => {
      const [name = '', anchor = ''] = target.split('#');
      return { file: path.normalize(name === '' ? document : path.join(path.dirname(document), name)), anchor };
    });
};

const anchorsOf = (document: string): string[] =>
  [...readFileSync(path.join(ROOT, document), 'utf8').matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N} -]/gu, '')
      .replaceAll(' ', '-')
  );

describe('the links of the documentation', () => {
  /** Files packed by `files` of package.json and by npm. */
  const isPacked = (file: string): boolean =>
    ['README.md', 'LICENSE', 'package.json'].includes(file) ||
    (!pkg.files.includes(`!${file}`) &&
      pkg.files.some(
        (entry) =>
          file === entry || file.startsWith(`${entry}/`) || entry === `${path.dirname(file)}/*${path.extname(file)}`
      ));

  it.each(sources.filter((file) => file.endsWith('.md')))('of %s lead to files and headings that exist', (document) => {
    for (const { file, anchor } of linksOf(document)) {
      expect([file, existsSync(path.join(ROOT, file))]).toEqual([file, true]);
      if (anchor !== '') expect([file, anchorsOf(file)]).toEqual([file, expect.arrayContaining([anchor])]);
    }
  });

  const packed = documents.filter((document) => !pkg.files.includes(`!${document}`));

  it.each(packed)('of %s lead to files that the package has, too', (document) => {
    expect(isPacked(document)).toBe(true);
    expect(
      linksOf(document)
        .map(({ file }) => file)
        .filter((file) => !isPacked(file))
    ).toEqual([]);
  });
});

describe('citations', () => {
  /** How each document is cited, and the pattern of its headings. */
  const CITED: { page: string; citation: RegExp; heading: RegExp; split?: RegExp }[] = [
    {
      page: 'docs/design/rules.md',
      citation: /\brules §\d+(?:(?:,| and| to|–| –) ?§?\d+)*/gi,
      heading: /^#+ (\d+)\. /gm,
      split: /\d+/g,
    },
    {
      page: 'docs/design/delivery.md',
      citation: /\bdelivery §\d+(?:\.\d+|[a-z])?(?:(?:,| and| to|–) ?§?\d+(?:\.\d+|[a-z]\b)?)*/gi,
      heading: /^#+ (\d+(?:\.\d+|[a-z])?)\.? /gm,
      split: /\d+(?:\.\d+|[a-z])?/g,
    },
    {
      page: 'docs/design/security-controls.md',
      citation: /\bsecurity \d+(?:(?:,| and| to|–) ?\d+)*/gi,
      heading: /^#+ (\d+)\. /gm,
      split: /\d+/g,
    },
    { page: 'docs/design/contract.md', citation: /\bcontract "([^"\n]+)"/gi, heading: /^#+ (.+)$/gm },
  ];
  const FOLDERS = /^(?:server|admin|tests|bench|scripts|playground|docs|bin)\/|^[^/]+\.md$/;

  /** A comment may break between the name and the number. */
  const joined = (text: string): string => text.replace(/\n[ \t]*(?:\*|\/\/)?[ \t]*/g, ' ');

  const texts = sources
    .filter((file) => FOLDERS.test(file) && file !== 'tests/unit/docs.test.ts')
    .map((file) => [file, joined(readFileSync(path.join(ROOT, file), 'utf8'))] as const);

  it.each(CITED)('of $page lead to its headings', ({ page, citation, heading, split }) => {
    const headings = [...readFileSync(path.join(ROOT, page), 'utf8').matchAll(heading)].map(([, title = '']) =>
      title.toLowerCase()
    );
    const cited = texts.flatMap(([file, text]) =>
      [...text.matchAll(citation)].flatMap(([whole, title = '']) =>
        (split ? (whole.match(split) ?? []) : [title]).map((target) => ({ file, whole, target: target.toLowerCase() }))
      )
    );
    expect(cited.length).toBeGreaterThan(5);
    expect(cited.filter(({ target }) => !headings.includes(target))).toEqual([]);
  });

  it('of decisions lead to their files', () => {
    const numbers = readdirSync(path.join(ROOT, 'docs/decisions')).map((name) => name.slice(0, 4));
    const cited = texts.flatMap(([file, text]) =>
      [...text.matchAll(/\bdecision (\d{4})\b/gi)].map(([, number = '']) => ({ file, number }))
    );
    expect(cited.length).toBeGreaterThan(1);
    expect(cited.filter(({ number }) => !numbers.includes(number))).toEqual([]);
  });
});
