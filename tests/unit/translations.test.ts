import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import pagesDe from '../../admin/src/translations/de.json';
import pagesEn from '../../admin/src/translations/en.json';
import menuDe from '../../admin/src/translations/menu.de.json';
import menuEn from '../../admin/src/translations/menu.en.json';
import { STATUS } from '../../server/src/domain/refusal';

const en = { ...menuEn, ...pagesEn };
const de = { ...menuDe, ...pagesDe };
const ADMIN = path.resolve(__dirname, '../../admin/src');

const sources = (folder: string): string[] =>
  readdirSync(folder).flatMap((name) => {
    const file = path.join(folder, name);
    if (statSync(file).isDirectory()) return sources(file);
    return /\.tsx?$/.test(name) ? [readFileSync(file, 'utf8')] : [];
  });

/** Keys that the code makes of a state, a code, a step or a field: `t(`submission.${state}`)`. */
const MADE = ['submission.', 'recipient.', 'refusal.', 'test.problem.', 'compose.'];

describe('the texts of the admin panel', () => {
  const code = sources(ADMIN).join('\n');

  it('are the same in every language', () => {
    expect(Object.keys(de)).toEqual(Object.keys(en));
    expect(Object.entries({ ...en, ...de }).filter(([, text]) => text.trim() === '')).toEqual([]);
  });

  it('take the same values in every language', () => {
    const values = (text: string): string[] => (text.match(/\{\w+\}/g) ?? []).sort();
    const differ = Object.keys(en).filter(
      (key) => String(values(en[key as keyof typeof en])) !== String(values(de[key as keyof typeof de]))
    );
    expect(differ).toEqual([]);
  });

  it('are all used', () => {
    // 'key' in code, "key" as a property of JSX, `plugin.key` where Strapi wants the whole id.
    const isNamed = (key: string): boolean =>
      [`'${key}'`, `"${key}"`, `.${key}\``].some((written) => code.includes(written));
    const unused = Object.keys(en).filter((key) => !MADE.some((prefix) => key.startsWith(prefix)) && !isNamed(key));
    expect(unused).toEqual([]);
  });

  it('know every refusal by its code', () => {
    expect(Object.keys(STATUS).filter((refusal) => !(`refusal.${refusal}` in en))).toEqual([]);
  });
});
