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

  /** What Strapi hands to the plugin, from a whole config/plugins or from keys of `mailboxes.config`. */
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

  it('stands before the build in the README, for a file that a new application has', () => {
    const readme = readFileSync(path.join(ROOT, 'README.md'), 'utf8');
    const [config, build] = ['config/plugins.ts', 'npm run build'].map((text) => readme.indexOf(text)) as [
      number,
      number,
    ];
    expect(config).toBeGreaterThan(0);
    expect(build).toBeGreaterThan(config);
  });
});

/** Relative targets of links and pictures, without what is shown as code. */
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
  /** What `files` of package.json and npm itself pack. */
  const isPacked = (file: string): boolean =>
    ['README.md', 'LICENSE', 'package.json'].includes(file) ||
    pkg.files.some(
      (entry) =>
        file === entry || file.startsWith(`${entry}/`) || entry === `${path.dirname(file)}/*${path.extname(file)}`
    );

  it.each([...documents, 'CONTRIBUTING.md', 'CHANGELOG.md', 'playground/README.md'])(
    'of %s lead to files and headings that are there',
    (document) => {
      for (const { file, anchor } of linksOf(document)) {
        expect([file, existsSync(path.join(ROOT, file))]).toEqual([file, true]);
        if (anchor !== '') expect(anchorsOf(file)).toContain(anchor);
      }
    }
  );

  it.each(documents)('of %s lead to files that the package has, too', (document) => {
    expect(isPacked(document)).toBe(true);
    expect(
      linksOf(document)
        .map(({ file }) => file)
        .filter((file) => !isPacked(file))
    ).toEqual([]);
  });
});
