import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

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
