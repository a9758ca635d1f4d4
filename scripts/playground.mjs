/**
 * Runs the playground: installs missing dependencies, builds, fills a site, starts it with two mail servers and a page
 * that shows the caught mail, and prints suggestions.
 *
 *   npm run playground                      Ctrl-C ends everything it started
 *   npm run playground -- --reset           begins anew
 *   PORT=4000 npm run playground            Strapi on another port; MAIL_PORT: the page with the caught mail
 */
import { parseArgs } from 'node:util';
import { children, install } from './install.mjs';

const started = Date.now();
const log = (line) => console.log(`  ${line}`);

const portFrom = (name) => {
  const value = process.env[name];
  if (value === undefined || value === '') return undefined;
  if (!/^\d{1,5}$/.test(value) || Number(value) > 65_535) throw new Error(`${name} is not a port: ${value}`);
  return Number(value);
};

const WHO = {
  root: 'Super Admin: tenants, quota, rules',
  carol: 'site admin: mailboxes and who may use them',
  ada: 'editor: may use Club News',
  ben: 'press team: may use Press Office',
};

/** Fills lines up to the width, with the first at the left and the others below it. */
const wrapped = (text, indent, width = 96) =>
  text
    .split(' ')
    .reduce(
      (lines, word) =>
        `${lines.at(-1)} ${word}`.length > width
          ? [...lines, word]
          : [...lines.slice(0, -1), `${lines.at(-1)} ${word}`.trimStart()],
      ['']
    )
    .join(`\n${indent}`);

const describe = ({ adminUrl, mailUrl, people, servers }, { PASSWORD, TRY_THIS }) =>
  [
    '',
    `The playground is ready, after ${Math.round((Date.now() - started) / 1000)} s.`,
    '',
    `  Admin panel    ${adminUrl}`,
    `  Caught mail    ${mailUrl}`,
    `  Mail servers   ${Object.values(servers)
      .map(({ name, host, port }) => `${name} (${host}:${port})`)
      .join(', ')}`,
    '',
    `  Sign in as, always with the password ${PASSWORD}`,
    ...Object.entries(people).map(([key, { email }]) => `    ${email.padEnd(20)}  ${WHO[key]}`),
    '',
    '  Try this',
    ...TRY_THIS.map((step, index) => `    ${index + 1}. ${wrapped(step, '       ')}`),
    '',
    '  Ctrl-C ends everything. To begin anew: npm run playground -- --reset',
    '',
  ].join('\n');

/** Set as soon as there is something to end. */
let end = async () => children.forEach((child) => child.kill());
let ending = false;

const onSignal = () => {
  if (ending) return;
  ending = true;
  console.log('\n  Stopping …');
  end().then(
    () => process.exit(0),
    (error) => {
      console.error(error);
      process.exit(1);
    }
  );
};

const run = async () => {
  const { values } = parseArgs({ options: { reset: { type: 'boolean', default: false } } });
  const ports = { port: portFrom('PORT'), mailPort: portFrom('MAIL_PORT') };
  await install(log);
  const [{ start }, { stopBuilding }, story] = await Promise.all(
    ['start', 'build', 'story'].map((name) => import(`../playground/${name}.mjs`))
  );
  end = stopBuilding;
  const playground = await start({ ...ports, reset: values.reset, log });
  end = playground.stop;
  console.log(describe(playground, story));
};

process.on('SIGINT', onSignal);
process.on('SIGTERM', onSignal);
run().catch((error) => {
  if (ending) return;
  console.error(`\n${error instanceof Error && !process.env.DEBUG ? error.message : error.stack}`);
  process.exit(1);
});
