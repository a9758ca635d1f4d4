/**
 * Shows that the table of "who may send as what" (tests/unit/domain/identity.table.ts) guards every condition of the
 * rules: negates or drops one condition of `server/src/domain` at a time and runs the table against that mutant.
 * Fails when no row notices, or when a mutation no longer finds its text once. Everything is compiled and run in memory:
 * no file is written.
 */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import swc from '@swc/core';

const root = fileURLToPath(new URL('..', import.meta.url));
const DOMAIN = join(root, 'server/src/domain');
const TABLE = join(root, 'tests/unit/domain/identity.table.ts');

/** file → [description of the mutant, text, replacement]; ignores white space in the text. */
const MUTATIONS = {
  'identity/entitlement.ts': [
    // rules §2 may the actor act
    ['asks no membership', 'if (!isMember(actor, tenant))', 'if (false)'],
    ['negates membership', 'if (!isMember(actor, tenant))', 'if (isMember(actor, tenant))'],
    [
      'asks existence before membership',
      'if (!isMember(actor, tenant))',
      'if (actor.exists && !isMember(actor, tenant))',
    ],
    ['lets nobody’s ghost act', "if (!actor.exists) return 'FORBIDDEN_TO_SEND'", ''],
    ['lets an inactive user act', 'actor.isActive && !actor.blocked', '!actor.blocked'],
    ['lets a blocked user act', '!actor.blocked && actor.maySend', 'actor.maySend'],
    ['lets only blocked users act', '!actor.blocked', 'actor.blocked'],
    ['asks no permission', '!actor.blocked && actor.maySend', '!actor.blocked'],

    // rules §2 usable
    ['uses disabled mailboxes', 'mailbox.enabled ? entitled(mailbox) : null', 'entitled(mailbox)'],
    [
      'uses only disabled mailboxes',
      'mailbox.enabled ? entitled(mailbox) : null',
      'mailbox.enabled ? null : entitled(mailbox)',
    ],
    ['uses foreign mailboxes', 'if (mailbox.tenant !== tenant.id && !mailbox.global) return null;', ''],
    [
      'uses no global mailbox of others',
      'mailbox.tenant !== tenant.id && !mailbox.global',
      'mailbox.tenant !== tenant.id',
    ],
    ['uses only global mailboxes', 'mailbox.tenant !== tenant.id && !mailbox.global', '!mailbox.global'],
    ['shadows nothing', 'if (owned !== undefined && owned !== mailbox.id) return null;', ''],
    ['shadows a mailbox by itself', 'owned !== undefined && owned !== mailbox.id', 'owned !== undefined'],
    ['shadows by any tenant’s mailbox', 'if (owner === tenant.id) ownedKeys', 'ownedKeys'],
    ['shadows by other tenants’ mailboxes', 'if (owner === tenant.id) ownedKeys', 'if (owner !== tenant.id) ownedKeys'],
    ['compares shadows as typed', 'ownedKeys.get(mailbox.emailKey)', 'ownedKeys.get(mailbox.email)'],
    [
      'lets a disabled mailbox cast no shadow',
      'for (const { id, tenant: owner, emailKey } of mailboxes)',
      'for (const { id, tenant: owner, emailKey } of mailboxes.filter((one) => one.enabled))',
    ],
    [
      'lets a restricted mailbox cast no shadow',
      'for (const { id, tenant: owner, emailKey } of mailboxes)',
      'for (const { id, tenant: owner, emailKey } of mailboxes.filter((one) => !one.restricted))',
    ],
    ['opens restricted mailboxes', "if (!mailbox.restricted) return ['open']", "return ['open']"],
    ['restricts open mailboxes', "if (!mailbox.restricted) return ['open'];", ''],
    ['negates Restricted', 'if (!mailbox.restricted)', 'if (mailbox.restricted)'],
    ['counts grants on other mailboxes', '(grantsOf.get(mailbox.id) ?? [])', 'grants'],
    ['counts ended grants', '.filter((grant) => isValid(grant, now))', ''],
    ['counts only ended grants', 'isValid(grant, now)', '!isValid(grant, now)'],
    [
      'counts anybody’s user grant',
      'valid.some((grant) => grant.user === user.id)',
      'valid.some((grant) => grant.user !== null)',
    ],
    ['counts no user grant', "valid.some((grant) => grant.user === user.id) ? ['user-grant'] : []", '[]'],
    [
      'counts anybody’s role grant',
      'user.roles.filter((role) => valid.some((grant) => grant.role === role))',
      'valid.flatMap(({ role }) => role ?? [])',
    ],
    [
      'counts every role as granted',
      'user.roles.filter((role) => valid.some((grant) => grant.role === role))',
      'user.roles',
    ],
    ['counts no role grant', 'user.roles.filter((role) => valid.some((grant) => grant.role === role))', '[]'],
    ['orders roles as text', '.sort((a, b) => a - b)', '.sort()'],
    ['leaves roles in their order', '.sort((a, b) => a - b)', ''],
    ['needs no reason', 'because.length > 0 ? because : null', 'because'],
    [
      'restricts system actors',
      "if (actor.type === 'user') return granted(mailbox, actor);",
      "if (actor.type === 'user' || mailbox.restricted) return granted(mailbox, { roles: [], ...actor });",
    ],
    [
      'gives system actors what is unrestricted',
      "actor.mailboxes === 'all' ||",
      "!mailbox.restricted || actor.mailboxes === 'all' ||",
    ],
    ['ignores all', "actor.mailboxes === 'all' || actor.mailboxes.includes", 'actor.mailboxes.includes'],
    [
      'gives system actors everything',
      "actor.mailboxes === 'all' || actor.mailboxes.includes(mailbox.emailKey)",
      'true',
    ],
    [
      'gives system actors nothing listed',
      "actor.mailboxes === 'all' || actor.mailboxes.includes(mailbox.emailKey)",
      "actor.mailboxes === 'all'",
    ],
    [
      'compares a system actor’s list as typed',
      'actor.mailboxes.includes(mailbox.emailKey)',
      'actor.mailboxes.includes(mailbox.email)',
    ],
    [
      'asks for one mailbox without its namesakes',
      'namesakes = facts.mailboxes.filter(({ emailKey }) => emailKey === wanted.emailKey)',
      'namesakes = [wanted]',
    ],
  ],
  'identity/candidates.ts': [
    // rules §3 names
    ['does not trim names', 'part?.trim() ??', 'part ??'],
    ['joins empty names', '.filter(Boolean)', ''],
    ['lends no mailbox’s name', "if (name === '') return equal?.name ?? null;", "if (name === '') return null;"],
    ['prefers the mailbox’s name', "if (name === '') return equal?.name", 'if (equal) return equal?.name'],
    ['uses names that break the rule', 'nameProblem(name) === null ? name : null', 'name'],
    [
      'replaces names that break the rule',
      'nameProblem(name) === null ? name : null',
      'nameProblem(name) === null ? name : (equal?.name ?? null)',
    ],

    // rules §3 own
    ['offers own where it is off', 'off: []', "off: ['from', 'replyTo']"],
    ['offers own as From where it is for replies', "'reply-to': ['replyTo']", "'reply-to': ['from', 'replyTo']"],
    ['offers own for replies nowhere', "'reply-to': ['replyTo']", "'reply-to': []"],
    ['offers own never as From', "'sender-and-reply-to': ['from', 'replyTo']", "'sender-and-reply-to': ['replyTo']"],
    ['offers own never as Reply-To', "'sender-and-reply-to': ['from', 'replyTo']", "'sender-and-reply-to': ['from']"],
    ['asks no own-address setting', 'if (!OWN_ADDRESS_LISTS[tenant.ownAddress].includes(list)) return null;', ''],
    [
      'asks no own-address domain',
      'if (tenant.ownAddressDomains.length > 0 && !tenant.ownAddressDomains.includes(domainOf(actor.email))) return null;',
      '',
    ],
    ['reads no domains as none', 'tenant.ownAddressDomains.length > 0 &&', ''],
    ['negates own-address domains', '!tenant.ownAddressDomains.includes(', 'tenant.ownAddressDomains.includes('],
    [
      'includes sub-domains',
      '!tenant.ownAddressDomains.includes(domainOf(actor.email))',
      '!tenant.ownAddressDomains.some((domain) => domainOf(actor.email).endsWith(domain))',
    ],
    ['compares the domain as typed', 'includes(domainOf(actor.email))', "includes(actor.email.split('@')[1])"],
    [
      'always asks confirmation',
      '!facts.requireConfirmation || actor.confirmedKey === key',
      'actor.confirmedKey === key',
    ],
    ['never asks confirmation', '!facts.requireConfirmation || actor.confirmedKey === key', 'true'],
    ['negates the requirement', '!facts.requireConfirmation ||', 'facts.requireConfirmation ||'],
    ['takes any confirmation', 'actor.confirmedKey === key', 'actor.confirmedKey !== null'],
    ['compares the confirmation as typed', 'actor.confirmedKey === key', 'actor.confirmedKey === actor.email'],
    ['sends own through a disabled mailbox', 'mailbox.enabled && mailbox.emailKey === key', 'mailbox.emailKey === key'],
    ['sends own through any mailbox', 'mailbox.enabled && mailbox.emailKey === key', 'mailbox.enabled'],
    [
      'sends own through a mailbox with Sender only',
      'mailbox.enabled && mailbox.emailKey === key',
      'mailbox.enabled && mailbox.sender && mailbox.emailKey === key',
    ],
    [
      'sends own through a mailbox it may not use',
      'mailboxEntries.find(({ mailbox }) => mailbox.enabled && mailbox.emailKey === key)?.mailbox',
      'facts.mailboxes.find((mailbox) => mailbox.enabled && mailbox.emailKey === key)',
    ],
    [
      'sends own through an unauthenticated mailbox',
      'equal?.authenticated ? through(equal) : viaSystem',
      'equal ? through(equal) : viaSystem',
    ],
    ['sends own always through the system', 'equal?.authenticated ? through(equal) : viaSystem', 'viaSystem'],
    ['shows own the system’s pause', 'equal?.authenticated ? equal.paused : system.paused', 'system.paused'],

    // rules §3 mailboxes
    ['asks no Sender flag', "list === 'from' ? mailbox.sender : mailbox.reply", "list === 'from' || mailbox.reply"],
    ['asks no Reply flag', "list === 'from' ? mailbox.sender : mailbox.reply", "list === 'replyTo' || mailbox.sender"],
    [
      'swaps Sender and Reply',
      "list === 'from' ? mailbox.sender : mailbox.reply",
      "list === 'from' ? mailbox.reply : mailbox.sender",
    ],
    ['offers disabled mailboxes', "mailbox.enabled ? [] : (['MAILBOX_DISABLED'] as const)", '[]'],
    ['sends every mailbox through itself', 'mailbox.authenticated ? through(mailbox) : viaSystem', 'through(mailbox)'],
    ['sends every mailbox through the system', 'mailbox.authenticated ? through(mailbox) : viaSystem', 'viaSystem'],
    [
      'shows the mailbox’s pause on system transport',
      'mailbox.authenticated ? mailbox.paused : system.paused',
      'mailbox.paused',
    ],
    ['shows every mailbox as global', 'global: mailbox.global', 'global: true'],

    // rules §3 system, §9 codes of their own
    [
      'offers own or mailbox over no system mailbox',
      "if (system.email === null) return ['SYSTEM_NOT_CONFIGURED'];",
      '',
    ],
    [
      'asks the transport of a Reply-To',
      "list === 'replyTo' || transport.kind === 'mailbox'",
      "transport.kind === 'mailbox'",
    ],
    [
      'asks the system of a mailbox transport',
      "list === 'replyTo' || transport.kind === 'mailbox'",
      "list === 'replyTo'",
    ],
    [
      'carries everything',
      "system.carries === 'any' || sameAddress(email, system.email) ? [] : ['TRANSPORT_CANNOT_CARRY']",
      '[]',
    ],
    ['carries nothing but itself', "system.carries === 'any' || sameAddress", 'sameAddress'],
    [
      'carries not even itself',
      "system.carries === 'any' || sameAddress(email, system.email)",
      "system.carries === 'any'",
    ],
    [
      'carries the tenant’s other address',
      'sameAddress(email, system.email)',
      'sameAddress(email, facts.tenant.system.email ?? system.email)',
    ],
    ['compares the carried address as typed', 'sameAddress(email, system.email)', 'email === system.email'],
    ['is set up by an override', 'blockers: system.email === null ?', "blockers: email === '' ?"],
    [
      'offers a system that is not set up',
      "blockers: system.email === null ? ['SYSTEM_NOT_CONFIGURED'] : transport",
      'blockers: transport',
    ],
    ['ignores the override’s address', "tenant.system.email ?? system.email ?? ''", "system.email ?? ''"],
    ['ignores the override’s name', 'tenant.system.name ?? system.name', 'system.name'],
    [
      'overrides name and address only together',
      'tenant.system.name ?? system.name',
      'tenant.system.email ? tenant.system.name : system.name',
    ],
    [
      'overrides the envelope address',
      "({ system }: Facts): Transport => ({ kind: 'system', email: system.email ?? '' })",
      "({ system, tenant }: Facts): Transport => ({ kind: 'system', email: tenant.system.email ?? system.email ?? '' })",
    ],
  ],
  'identity/list.ts': [
    // rules §3 system, §9 codes of their own
    ['offers system always', "tenant.systemSender === 'everyone' || nothingElse", 'true'],
    [
      'offers system never as last resort',
      "tenant.systemSender === 'everyone' || nothingElse",
      "tenant.systemSender === 'everyone'",
    ],
    ['offers system only as last resort', "tenant.systemSender === 'everyone' || nothingElse", 'nothingElse'],
    [
      'counts unavailable entries as something else',
      'nothingElse = !visible.some(free)',
      'nothingElse = visible.length === 0',
    ],
    ['lists what two things keep away', 'code !== undefined && others.length === 0', 'code !== undefined'],
    ['lists nothing as unavailable', 'code !== undefined && others.length === 0', 'false'],
    ['offers what is blocked', 'offered: visible.filter(free)', 'offered: visible'],

    // rules §3 duplicates
    ['hides no mailbox', "hidesMailbox = tenant.duplicatePolicy === 'own-name' &&", 'hidesMailbox = false &&'],
    [
      'hides the mailbox under both',
      "tenant.duplicatePolicy === 'own-name'",
      "tenant.duplicatePolicy !== 'mailbox-name'",
    ],
    [
      'hides the mailbox under every policy',
      "hidesMailbox = tenant.duplicatePolicy === 'own-name' &&",
      'hidesMailbox =',
    ],
    ['hides the mailbox for a blocked own', 'own !== null && free(own)', 'own !== null'],
    ['hides unequal mailboxes', '!(hidesMailbox && equalsOwn(mailbox))', '!hidesMailbox'],
    ['hides equal mailboxes always', '!(hidesMailbox && equalsOwn(mailbox))', '!equalsOwn(mailbox)'],
    ['hides own never', '...(own !== null && !hidesOwn ? [own] : [])', '...(own !== null ? [own] : [])'],
    ['hides own under both', "tenant.duplicatePolicy === 'mailbox-name'", "tenant.duplicatePolicy !== 'own-name'"],
    ['hides own for a blocked mailbox', 'free(mailbox) && equalsOwn(mailbox)', 'equalsOwn(mailbox)'],
    ['hides own for an unequal mailbox', 'free(mailbox) && equalsOwn(mailbox)', 'free(mailbox)'],

    // rules §3 order, preselected
    [
      'orders names with case',
      "compare((a.identity.name ?? '').toLowerCase(), (b.identity.name ?? '').toLowerCase())",
      "compare(a.identity.name ?? '', b.identity.name ?? '')",
    ],
    [
      'orders by no name',
      "compare((a.identity.name ?? '').toLowerCase(), (b.identity.name ?? '').toLowerCase()) ||",
      '',
    ],
    ['orders by no address', 'compare(a.key, b.key) ||', ''],
    ['orders by no id', '|| compare(a.identity.id, b.identity.id)', ''],
    ['orders backwards', 'a < b ? -1 : a > b ? 1 : 0', 'a < b ? 1 : a > b ? -1 : 0'],
    [
      'preselects a From that is no longer offered',
      'isOffered(from.offered, facts.last?.from) ?',
      'facts.last?.from ?',
    ],
    ['preselects no last From', 'isOffered(from.offered, facts.last?.from) ?', 'false ?'],
    [
      'preselects a Reply-To that is no longer offered',
      'isOffered(replyTo.offered, facts.last?.replyTo) ?',
      'facts.last?.replyTo ?',
    ],
    [
      'preselects own before mailboxes',
      "'granted', 'open', 'own', 'global', 'system'",
      "'own', 'granted', 'open', 'global', 'system'",
    ],
    [
      'preselects open before granted mailboxes',
      "'granted', 'open', 'own', 'global', 'system'",
      "'open', 'granted', 'own', 'global', 'system'",
    ],
    [
      'preselects global mailboxes before own',
      "'granted', 'open', 'own', 'global', 'system'",
      "'granted', 'open', 'global', 'own', 'system'",
    ],
    [
      'preselects system before global mailboxes',
      "'granted', 'open', 'own', 'global', 'system'",
      "'granted', 'open', 'own', 'system', 'global'",
    ],
    ['preselects no system', "'own', 'global', 'system'] as const", "'own', 'global'] as const"],
    [
      'preselects the tenant’s global mailboxes late',
      "if (!owned.has(identity.id)) return 'global'",
      "if (identity.global) return 'global'",
    ],
    ['preselects what is paused', 'paused === null && domainOf(email) ===', 'domainOf(email) ==='],
    [
      'preselects what is not aligned',
      'paused === null && domainOf(email) === domainOf(transport.email)',
      'paused === null',
    ],
    [
      'preselects nothing rather than what is paused',
      '(ordered.find(isGoodChoice) ?? ordered[0])',
      'ordered.find(isGoodChoice)',
    ],
  ],
  'identity/decide.ts': [
    // rules §8, §9 the decision
    ['decides for who may not act', 'if (refusal) return refuse(refusal);', ''],
    ['decides From by Reply-To', "pick(lists, 'from', wanted.from)", "pick(lists, 'replyTo', wanted.from)"],
    ['decides Reply-To by From', "pick(lists, 'replyTo', wanted.replyTo)", "pick(lists, 'from', wanted.replyTo)"],
    ['takes the code of another list', 'entry.list === list && entry.identity.id === id', 'entry.identity.id === id'],
    ['takes the code of another entry', 'entry.list === list && entry.identity.id === id', 'entry.list === list'],
    [
      'answers Reply-To with From’s code',
      "list === 'from' ? 'FORBIDDEN_FROM' : 'FORBIDDEN_REPLY_TO'",
      "'FORBIDDEN_FROM'",
    ],
    ['drops the reply address', 'if (wanted.replyTo === undefined || wanted.replyTo === null)', 'if (true)'],
    [
      'allows any reply address',
      "if (typeof replyTo === 'string') return refuse(replyTo);",
      "if (typeof replyTo === 'string') return { allowed: true, from, replyTo: null };",
    ],
    [
      'takes null for a reply address',
      'wanted.replyTo === undefined || wanted.replyTo === null',
      'wanted.replyTo === undefined',
    ],
  ],
  'tenant.ts': [
    ['makes system actors members everywhere', 'return actor.tenant === tenant.key', 'return true'],
    ['makes system actors members elsewhere', 'actor.tenant === tenant.key', 'actor.tenant !== tenant.key'],
    [
      'treats system actors like users',
      "if (actor.type === 'system') return actor.tenant === tenant.key;",
      "if (actor.type === 'system') return actor.tenant === tenant.key || tenant.members === 'everyone';",
    ],
    [
      'makes nobody of everyone',
      "if (tenant.members === 'everyone') return true;",
      "if (tenant.members === 'everyone') return false;",
    ],
    ['counts no named user', 'users.includes(actor.id) ||', ''],
    ['counts no named role', '|| roles.some((role) => actor.roles.includes(role))', ''],
    ['wants user and role', 'users.includes(actor.id) ||', 'users.includes(actor.id) &&'],
    ['wants every named role', 'roles.some(', 'roles.every('],
    ['finds tenants of others', 'tenants.filter((tenant) => isMember(actor, tenant))', '[...tenants]'],
    ['finds no tenant by documentId', 'id === named || key === named', 'key === named'],
    ['finds no tenant by key', 'id === named || key === named', 'id === named'],
    ['ignores the name', 'if (named !== undefined)', 'if (false)'],
    ['takes the first of several', 'if (mine.length === 1)', 'if (mine.length >= 1)'],
    ['takes the only tenant never', 'if (mine.length === 1)', 'if (false)'],
    [
      'takes the default tenant of others',
      'mine.find(({ key }) => key === DEFAULT_TENANT_KEY)',
      'tenants.find(({ key }) => key === DEFAULT_TENANT_KEY)',
    ],
    ['takes any tenant for the default', 'mine.find(({ key }) => key === DEFAULT_TENANT_KEY)', 'mine[0]'],
  ],
  'grant.ts': [
    ['ends every grant', 'grant.expiresAt === null ||', ''],
    ['ends no grant', 'grant.expiresAt === null || grant.expiresAt > now', 'true'],
    ['lets a grant hold at its end', 'grant.expiresAt > now', 'grant.expiresAt >= now'],
    ['negates the end', 'grant.expiresAt > now', 'grant.expiresAt < now'],
    ['takes the epoch for no end', 'grant.expiresAt === null ||', '!grant.expiresAt ||'],
  ],
};

const compile = (source) =>
  swc.transformSync(source, {
    swcrc: false,
    configFile: false,
    jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
    module: { type: 'commonjs' },
  }).code;

const compiled = new Map();
const compiledFile = (file) => {
  if (!compiled.has(file)) compiled.set(file, compile(readFileSync(file, 'utf8')));
  return compiled.get(file);
};

const fileOf = (path) => [`${path}.ts`, join(path, 'index.ts')].find((file) => existsSync(file));

/** Loads TypeScript files anew, with the given code in the place of some of them. */
const loader = (replaced = new Map()) => {
  const modules = new Map();
  const load = (file) => {
    if (modules.has(file)) return modules.get(file).exports;
    const module = { exports: {} };
    modules.set(file, module);
    const outside = createRequire(file);
    const require = (id) => (id.startsWith('.') ? load(fileOf(resolve(dirname(file), id))) : outside(id));
    new Function('require', 'module', 'exports', replaced.get(file) ?? compiledFile(file))(
      require,
      module,
      module.exports
    );
    return module.exports;
  };
  return load;
};

const { table, runRow } = loader()(TABLE);

/** The first row that notices; null: none. A mutant that throws is noticed. */
const firstFailingRow = (replaced) => {
  const load = loader(replaced);
  const [identity, tenant, grant] = ['identity', 'tenant', 'grant'].map((name) => load(fileOf(join(DOMAIN, name))));
  for (const row of table) {
    try {
      const { actual, expected } = runRow({ identity, tenant, grant }, row);
      if (!isDeepStrictEqual(actual, expected)) return row.sentence;
    } catch (error) {
      // A name that does not exist says that the mutation is wrong, not that the row noticed it.
      if (error instanceof ReferenceError) throw error;
      return row.sentence;
    }
  }
  return null;
};

/** Finds the text token by token, so that a formatter may wrap it. */
const pattern = (text) =>
  new RegExp(
    (text.match(/[\p{L}\p{N}_$]+|[^\s\p{L}\p{N}_$]/gu) ?? [])
      .map((token) => token.replace(/[$()*+.?[\\\]^{|}]/g, '\\$&'))
      .join('\\s*'),
    'gu'
  );

/** Returns the mutated source, or the problem of the mutation. */
const mutate = (source, find, replace) => {
  const { length } = source.match(pattern(find)) ?? [];
  if (length !== 1) return { problem: `text found ${length ?? 0} times: ${find}` };
  return { mutant: source.replace(pattern(find), () => replace) };
};

const broken = firstFailingRow();
if (broken !== null) {
  console.error(`The table fails without any mutation: ${broken}`);
  process.exit(1);
}

const results = Object.entries(MUTATIONS).flatMap(([name, mutations]) => {
  const file = join(DOMAIN, name);
  const source = readFileSync(file, 'utf8');
  return mutations.map(([what, find, replace]) => {
    const { mutant, problem } = mutate(source, find, replace);
    if (problem) return { name, what, verdict: 'STALE', row: problem };
    const row = firstFailingRow(new Map([[file, compile(mutant)]]));
    return { name, what, verdict: row === null ? 'SURVIVED' : 'killed', row: row ?? '' };
  });
});

const wide = Math.max(...results.map(({ what }) => what.length));
for (const { name, what, verdict, row } of results)
  console.log(`${name.padEnd(24)} ${what.padEnd(wide)}  ${verdict.padEnd(8)}  ${row}`);

const bad = results.filter(({ verdict }) => verdict !== 'killed');
console.log(
  `\n${results.length} mutations, ${table.length} rows: ${results.length - bad.length} killed, ${bad.length} not`
);
for (const { name, what, verdict, row } of bad) console.error(`${verdict}: ${name} ${what} ${row}`);
process.exit(bad.length === 0 ? 0 : 1);
