import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './places.mjs';
import { ACADEMY, ACADEMY_MEMBERS, CLUB, LOGINS, MAILBOXES, MEDIA, PASSWORD, PEOPLE, ROLES } from './story.mjs';

const BY = { actor: { type: 'system', name: 'operator' } };

const actionId = (action) => (action.startsWith('plugin::') ? action : `plugin::mailboxes.${action}`);

const entriesOf = async (object, make) => {
  const made = {};
  // One after the other: SQLite has one connection, and ids should be in the order of the story.
  for (const [key, value] of Object.entries(object)) made[key] = await make(value);
  return made;
};

/** As Strapi's own upload does it: with thumbnails, and by the site's upload provider. */
const fillMediaLibrary = async (strapi) => {
  const folder = await mkdtemp(join(tmpdir(), 'playground-media-'));
  try {
    for (const { name, mime, from, text } of MEDIA) {
      if (await strapi.db.query('plugin::upload.file').findOne({ where: { name } })) continue;
      const filepath = join(folder, name);
      await writeFile(filepath, from ? await readFile(join(ROOT, from)) : text);
      const { size } = await stat(filepath);
      const file = { filepath, originalFilename: name, mimetype: mime, size };
      await strapi
        .plugin('upload')
        .service('upload')
        .upload({ data: { fileInfo: { name } }, files: file });
    }
  } finally {
    await rm(folder, { recursive: true });
  }
};

/** Everything is looked for first, so that a start that broke off can be repeated. */
const seedEverything = async ({ strapi, store, smtpOf, service }) => {
  const roles = await entriesOf(ROLES, async ({ name, description, actions }) => {
    const known = await strapi.db.query('admin::role').findOne({ where: { name } });
    if (known) return known.id;
    const { id } = await strapi.service('admin::role').create({ name, description });
    await strapi.service('admin::role').assignPermissions(
      id,
      actions.map((action) => ({ action: actionId(action), subject: null, properties: {}, conditions: [] }))
    );
    return id;
  });
  const superAdmin = await strapi.service('admin::role').getSuperAdmin();
  const people = await entriesOf(PEOPLE, async ({ role, ...person }) => {
    const known = await strapi.db.query('admin::user').findOne({ where: { email: person.email } });
    if (known) return known.id;
    const { id } = await strapi.service('admin::user').create({
      ...person,
      password: PASSWORD,
      isActive: true,
      registrationToken: null,
      roles: [role === null ? superAdmin.id : roles[role]],
    });
    return id;
  });

  const club = await service('tenants').default();
  await service('tenants').update(club.id, CLUB, BY);
  const members = {
    users: ACADEMY_MEMBERS.people.map((key) => people[key]),
    roles: ACADEMY_MEMBERS.roles.map((key) => roles[key]),
  };
  const knownTenant = (await service('tenants').findMany(BY)).find(({ key }) => key === ACADEMY.key);
  const academy = knownTenant ?? (await service('tenants').create({ ...ACADEMY, members }, BY));

  for (const { input, tenant, login, grants = {} } of Object.values(MAILBOXES)) {
    const owner = tenant === 'academy' ? academy.id : club.id;
    const known = (await service('mailboxes').findMany({ ...BY, tenant: owner })).find(
      ({ email }) => email === input.email
    );
    const settings = login ? { authenticated: true, smtp: smtpOf(input.email, login) } : {};
    const { id } = known ?? (await service('mailboxes').create({ ...input, ...settings, tenant: owner }, BY));
    for (const key of grants.people ?? []) await service('grants').create({ mailbox: id, user: people[key] }, BY);
    for (const key of grants.roles ?? []) await service('grants').create({ mailbox: id, role: roles[key] }, BY);
  }

  await fillMediaLibrary(strapi);
  await confirmOwnAddress({ store, service, user: people.ada });
};

/** As she would do it herself: with the code that was mailed. Ben has not done it yet. */
const confirmOwnAddress = async ({ store, service, user }) => {
  const actor = { type: 'user', id: user };
  if ((await service('own-address').status({ actor })).confirmed) return;
  await service('own-address').request({ actor });
  const { id, parsed } = await store.waitFor(({ envelope }) => envelope.to.includes(PEOPLE.ada.email));
  const code = parsed.text.split(/\r?\n/).find((line) => /^[2-9A-Z]{8}$/.test(line));
  await service('own-address').confirm({ actor, code });
  store.remove(id);
};

/** Updates the port of the club's mail server, which may differ from the last start; keeps a visitor's other changes. */
const followPort = async ({ service, smtpOf, port }) => {
  for (const { input, login } of Object.values(MAILBOXES).filter((mailbox) => mailbox.login)) {
    const { id: tenant } = await service('tenants').default();
    const found = (await service('mailboxes').findMany({ ...BY, tenant })).find(({ email }) => email === input.email);
    if (!found?.smtp || found.smtp.host !== '127.0.0.1' || found.smtp.port === port) continue;
    const password = found.smtp.hasPassword ? 'with password' : login;
    await service('mailboxes').update(found.id, { smtp: smtpOf(input.email, password) }, BY);
  }
};

/**
 * Fills an empty site with the story; in a filled one only updates the port of the club's mail server.
 *
 * @param options.port of the club's mail server
 */
export const seed = async ({ strapi, store, port, log }) => {
  const service = (name) => strapi.plugin('mailboxes').service(name);
  const smtpOf = (email, login) => ({
    host: '127.0.0.1',
    port,
    encryption: 'starttls',
    auth: 'password',
    username: email,
    ...(login === 'with password' ? { password: LOGINS[email] } : {}),
  });
  const marks = strapi.store({ type: 'core', name: 'playground' });
  if (await marks.get({ key: 'seeded' })) return followPort({ service, smtpOf, port });
  log('Filling the site: people, roles, tenants, mailboxes …');
  await seedEverything({ strapi, store, smtpOf, service });
  return marks.set({ key: 'seeded', value: true });
};
