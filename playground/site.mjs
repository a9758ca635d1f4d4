import { randomBytes } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, TEMPLATE } from './places.mjs';

const random = () => randomBytes(24).toString('base64url');

/** Keys of this one site: made once, because what they encrypted has to be readable at the next start. */
const secretsOf = (folder) => {
  const file = join(folder, 'secrets.json');
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8'));
  const secrets = {
    appKeys: [random(), random()],
    auth: random(),
    apiToken: random(),
    transferToken: random(),
    encryption: random(),
  };
  writeFileSync(file, JSON.stringify(secrets, null, 2), { mode: 0o600 });
  return secrets;
};

/** Writes what the template's configuration reads at every start of Strapi. */
export const writeSettings = (folder, settings) => {
  const values = { ...settings, plugin: ROOT, database: join(folder, 'data.db'), secrets: secretsOf(folder) };
  writeFileSync(join(folder, 'playground.json'), JSON.stringify(values, null, 2), { mode: 0o600 });
};

/**
 * A Strapi application from the template. Code and configuration are written anew at every start, data is kept.
 *
 * @param settings ports of this start, the authority's certificate, the undo window
 * @param build folder of the admin panel
 */
export const writeApplication = (folder, settings, build) => {
  for (const part of ['config', 'src', 'build']) rmSync(join(folder, part), { recursive: true, force: true });
  for (const part of ['public/uploads', 'database/migrations']) mkdirSync(join(folder, part), { recursive: true });
  cpSync(TEMPLATE, folder, { recursive: true });
  writeSettings(folder, settings);
  if (build) symlinkSync(build, join(folder, 'build'), 'junction');
};
