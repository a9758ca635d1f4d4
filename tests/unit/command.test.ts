import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import pkg from '../../package.json';
import { runCommand } from '../support/command';
import { createTypescriptApp } from '../support/typescript-app';

/* Output of `npx mailboxes` before it opens a database. */
describe('npx mailboxes', () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'mailboxes-command-'));
  });

  afterAll(() => rm(folder, { recursive: true }));

  it.each([['--help'], ['-h'], ['health --help'], ['rotate-secrets -h']])(
    'prints commands, options and exit codes for %s, in any folder',
    async (words) => {
      const { code, stdout, stderr } = await runCommand(words.split(' '), { cwd: folder });
      expect([code, stderr]).toEqual([0, '']);
      expect(stdout).toMatch(/^Usage: npx mailboxes <command>$/m);
      expect(stdout).toMatch(/^ {2}health +\S/m);
      expect(stdout).toMatch(/^ {2}rotate-secrets +\S/m);
      expect(stdout).toMatch(/^ {2}--json +health: /m);
      for (const exit of [0, 1, 2]) expect(stdout).toMatch(new RegExp(`^  ${exit} +\\S`, 'm'));
    }
  );

  it('prints the version of the package', async () => {
    expect(await runCommand(['--version'], { cwd: folder })).toEqual({
      code: 0,
      stdout: `${pkg.version}\n`,
      stderr: '',
    });
  });

  it.each([
    ['nonsense', '"nonsense" is not a command. See: npx mailboxes --help\n'],
    ['toString', '"toString" is not a command. See: npx mailboxes --help\n'],
    ['--json', 'The command is missing. See: npx mailboxes --help\n'],
    ['health twice', '"health" takes no further word, not "twice". See: npx mailboxes --help\n'],
    ['health --verbose', '"health" has no option "--verbose". See: npx mailboxes --help\n'],
    ['health --json=yes', '"health" has no option "--json=yes". See: npx mailboxes --help\n'],
    ['rotate-secrets --json', '"rotate-secrets" has no option "--json". See: npx mailboxes --help\n'],
  ])('refuses %s with one sentence and exit code 2', async (words, stderr) => {
    expect(await runCommand(words.split(' '), { cwd: folder })).toEqual({ code: 2, stdout: '', stderr });
  });

  it('prints the help to stderr where the command is missing, with exit code 2', async () => {
    const { code, stdout, stderr } = await runCommand([], { cwd: folder });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^Usage: npx mailboxes <command>\n/);
  });

  it('names the missing parts in a folder that is no Strapi application', async () => {
    const refused = (why: string) => ({
      code: 2,
      stdout: '',
      stderr: `${folder} is not the folder of a Strapi application: ${why}. Run the command in the folder of the application.\n`,
    });
    expect(await runCommand(['health'], { cwd: folder })).toEqual(refused('it has no package.json'));
    await writeFile(path.join(folder, 'package.json'), '{}');
    expect(await runCommand(['health'], { cwd: folder })).toEqual(refused('@strapi/strapi is not installed in it'));
  });

  it('requires a build of a TypeScript application', async () => {
    const site = await createTypescriptApp({ leaveOut: ['dist/'] });
    const { code, stdout, stderr } = await runCommand(['health'], { cwd: site.folder });
    await site.remove();
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toBe(
      `${path.join(site.folder, 'dist/config')} does not exist: this TypeScript application was not built yet. Run npm run build.\n`
    );
  });

  it.each(['127.0.0.1', 'localhost'])('names the error of a database at %s that does not answer', async (host) => {
    const site = await createTypescriptApp();
    const { code, stdout, stderr } = await runCommand(['health'], {
      cwd: site.folder,
      env: {
        TEST_CONNECTION: JSON.stringify({
          client: 'postgres',
          connection: { host, port: 1, user: 'x', database: 'x' },
        }),
        TEST_PLUGIN_CONFIG: '{}',
      },
    });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^Database error: .*ECONNREFUSED.*\n$/);
    await site.remove();
  });

  it('names a SQLite file that does not exist, and does not create it, in an application without sources', async () => {
    const site = await createTypescriptApp({ leaveOut: ['config/plugins.ts'] });
    const filename = path.join(site.folder, 'data.db');
    const before = await site.files();
    const ended = await runCommand(['health'], {
      cwd: site.folder,
      env: {
        TEST_CONNECTION: JSON.stringify({ client: 'sqlite', connection: { filename }, useNullAsDefault: true }),
        TEST_PLUGIN_CONFIG: '{}',
      },
    });
    expect(ended).toEqual({ code: 2, stdout: '', stderr: `The database file ${filename} does not exist.\n` });
    expect(await site.files()).toEqual(before);
    await site.remove();
  });
});
