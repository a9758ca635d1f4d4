import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import pkg from '../../package.json';

const ROOT = path.resolve(__dirname, '../..');
const EXAMPLES = path.join(ROOT, 'docs/examples');

const blocksOf = (file: string): string[] =>
  [...readFileSync(path.join(ROOT, file), 'utf8').matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, code]) => code ?? '');

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
    expect(documents.flatMap(blocksOf)).toContain(examples.get(name));
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
