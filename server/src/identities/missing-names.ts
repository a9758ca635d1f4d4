import type { Core } from '@strapi/types';
import { bool } from '../database/dialect';
import { CONTENT_TABLES } from '../database/tables';
import { connectionOf } from '../database/transaction';
import type { Bindings } from '../strapi/machine-from';
import type { SystemActorSettings } from './repository';

export interface MissingNamesDependencies {
  strapi: Core.Strapi;
  systemActors: SystemActorSettings;
  contentApi: Bindings;
}

/** Drivers bind a limited number of values; with more addresses the whole table is read. */
const MAX_BOUND_ADDRESSES = 1000;
/** A log with more warnings than these hides the others of the start. */
const MAX_WARNINGS = 10;

interface Row {
  address: string | null;
  everywhere: unknown;
  tenant: string | null;
  token: string | null;
  role: string | null;
}

const COLUMNS = ['address', 'everywhere', 'tenant', 'token', 'role'] as const satisfies readonly (keyof Row)[];

/**
 * Compares `systemActors` and `contentApi` with the database, in one statement, or none without entries: a mailbox,
 * tenant, API token or role that does not exist is no error (it may be added later), but a typing mistake looks the same.
 *
 * @returns the check; it resolves with one warning per entry without a match
 */
export function createMissingNamesCheck({ strapi, systemActors, contentApi }: MissingNamesDependencies) {
  const actors = Object.entries(systemActors);
  const addresses = [...new Set(actors.flatMap(([, { mailboxes }]) => (mailboxes === 'all' ? [] : mailboxes)))];
  const tokens = Object.keys(contentApi.tokens);
  const roles = strapi.plugins['users-permissions'] ? Object.keys(contentApi.roles) : [];

  return async (): Promise<string[]> => {
    const rows = await read();
    const found = (name: keyof Row) => new Set(rows.map((row) => row[name]));
    const knownTokens = found('token');
    const knownRoles = found('role');
    const knownTenants = found('tenant');
    const usable = new Set(
      rows.flatMap(({ address, everywhere, tenant }) =>
        address === null ? [] : [`${tenant} ${address}`, ...(bool(everywhere) ? [address] : [])]
      )
    );

    const missing = [
      ...actors.flatMap(([name, { mailboxes, tenant }]) => {
        if (!knownTenants.has(tenant))
          return [
            `"systemActors.${name}.tenant": no tenant has the key ${JSON.stringify(tenant)}: add the tenant in Settings → Mailboxes → Rules, or correct the entry`,
          ];
        return (mailboxes === 'all' ? [] : mailboxes).flatMap((address, index) =>
          usable.has(address) || usable.has(`${tenant} ${address}`)
            ? []
            : [
                `"systemActors.${name}.mailboxes[${index}]": no mailbox of the tenant ${JSON.stringify(tenant)} has the address ${address}: add the mailbox in Settings → Mailboxes, or correct the entry`,
              ]
        );
      }),
      ...tokens
        .filter((name) => !knownTokens.has(name))
        .map(
          (name) =>
            `"contentApi.tokens": no API token has the name ${JSON.stringify(name)}: add the token in Settings → API Tokens, or correct the entry`
        ),
      ...roles
        .filter((type) => !knownRoles.has(type))
        .map(
          (type) =>
            `"contentApi.roles": no role of users-permissions has the type ${JSON.stringify(type)}: add the role, or correct the entry`
        ),
    ].map((problem) => `config ${problem}`);
    const more = missing.length - MAX_WARNINGS;
    return more > 0
      ? [
          ...missing.slice(0, MAX_WARNINGS),
          `config: ${more} more entries of "systemActors" and "contentApi" name nothing`,
        ]
      : missing;
  };

  async function read(): Promise<Row[]> {
    const db = connectionOf(strapi);
    // Each text has a column of its own: MySQL refuses a union of columns with different collations.
    const part = (table: string, columns: Partial<Record<keyof Row, string>>) =>
      db(table).select(
        COLUMNS.map((name) => (columns[name] === undefined ? db.raw(`null as ${name}`) : { [name]: columns[name] }))
      );
    // Names of tokens and roles are compared in this process, byte by byte, as in requests; collations differ.
    const parts = [
      ...(actors.length > 0 ? [part(CONTENT_TABLES.tenants, { tenant: 'key' })] : []),
      ...(tokens.length > 0 ? [part('strapi_api_tokens', { token: 'name' })] : []),
      ...(roles.length > 0 ? [part('up_roles', { role: 'type' })] : []),
    ];
    if (addresses.length > 0) {
      const mailboxes = part(`${CONTENT_TABLES.mailboxes} as m`, {
        address: 'm.email_key',
        everywhere: 'm.global',
        tenant: 't.key',
      }).join(`${CONTENT_TABLES.tenants} as t`, 't.id', 'm.tenant_id');
      if (addresses.length <= MAX_BOUND_ADDRESSES) mailboxes.whereIn('m.email_key', addresses);
      parts.unshift(mailboxes);
    }
    const [first, ...others] = parts;
    return first === undefined ? [] : ((await first.unionAll(others)) as Row[]);
  }
}
