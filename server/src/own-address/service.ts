import { randomBytes, randomInt, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import type { Core } from '@strapi/types';
import { GUARD, type Actor, type By } from '../domain/actor';
import { addressKey, parseAddrSpec } from '../domain/address';
import type { AuthorLimits, Me } from '../contracts/answers';
import { iso } from '../contracts/instant';
import { CODE_ALPHABET, CODE_LENGTH, confirmSchema, normaliseCode } from '../contracts/own-address';
import { parse } from '../contracts/parse';
import { int, nowMs, nowPlusMs, type Queries } from '../database/dialect';
import { TABLES } from '../database/tables';
import { connectionOf, inTransaction } from '../database/transaction';
import type { IdentitiesService } from '../identities/service';
import { orThrow, stop } from '../strapi/error';
import type { SubmissionsService } from '../submissions/service';
import { confirmationMail, siteOf } from './confirmation-mail';

export interface OwnAddressStatus {
  email: string;
  confirmed: boolean;
  requestedAt: string | null;
}

export interface OwnAddressDependencies {
  strapi: Core.Strapi;
  identities: Pick<IdentitiesService, 'userOf' | 'tenantsOf'>;
  submissions: Pick<SubmissionsService, 'submitDirect'>;
  limits: AuthorLimits;
  systemName: () => string | null;
}

const HOUR_MS = 60 * 60_000;
const VALID_MS = 24 * HOUR_MS;
const MAX_TRIES = 5;
const HASH_BYTES = 32;

const hash = promisify(scrypt) as (secret: string, salt: Buffer, length: number) => Promise<Buffer>;

const makeCode = (): string =>
  Array.from({ length: CODE_LENGTH }, () => CODE_ALPHABET[randomInt(CODE_ALPHABET.length)]).join('');

const seal = async (code: string): Promise<string> => {
  const salt = randomBytes(16);
  return `${salt.toString('hex')}.${(await hash(code, salt, HASH_BYTES)).toString('hex')}`;
};

const opens = async (code: string, sealed: string): Promise<boolean> => {
  const [salt = '', expected = ''] = sealed.split('.');
  return timingSafeEqual(await hash(code, Buffer.from(salt, 'hex'), HASH_BYTES), Buffer.from(expected, 'hex'));
};

/** Verifies that an account e-mail belongs to its user (rules §5): Strapi lets users change theirs to any address. */
export const createOwnAddressService = ({
  strapi,
  identities,
  submissions,
  limits,
  systemName,
}: OwnAddressDependencies) => {
  async function status({ actor }: By): Promise<OwnAddressStatus> {
    const { id, email, key } = await requireSender(actor);
    const [row]: { address_key: string | null; code_key: string | null; requested_3_at: unknown }[] = await rows(db())
      .where({ user_id: id })
      .select('address_key', 'code_key', 'requested_3_at');
    // The hourly limit outlives a change of the account e-mail, but the new address has no request yet.
    const ofThisAddress = row?.address_key === key || row?.code_key === key;
    const requestedAt = ofThisAddress ? int(row?.requested_3_at) : null;
    return {
      email,
      confirmed: row?.address_key === key,
      requestedAt: iso(requestedAt),
    };
  }

  /**
   * Sends a new code, which replaces the old one, from the system mailbox to the account e-mail.
   *
   * @throws FORBIDDEN_TO_SEND, INVALID_ADDRESS, RATE_LIMITED, SYSTEM_NOT_CONFIGURED, INVALID_STATE (rejected by the mail
   *   server)
   */
  async function request({ actor }: By): Promise<void> {
    const { id, email, key } = await requireSender(actor);
    if (!parseAddrSpec(email).ok) stop('INVALID_ADDRESS', { path: 'email' });
    const waitMs = await countRequest(id);
    if (waitMs !== null) stop('RATE_LIMITED', { retryAfterSeconds: Math.ceil(waitMs / 1000) });
    const code = makeCode();
    await rows(db())
      .where({ user_id: id })
      .update({
        code_hash: await seal(code),
        code_key: key,
        code_expires_at: nowPlusMs(db(), VALID_MS),
        code_tries: 0,
      });
    const [user]: { prefered_language: string | null }[] = await db()('admin_users')
      .where({ id })
      .select('prefered_language');
    const submission = await submissions.submitDirect(
      { type: 'system', name: GUARD },
      {
        from: 'system',
        to: [email],
        ...confirmationMail({ language: user?.prefered_language ?? null, site: site(), code }),
      }
    );
    if (submission.state === 'failed') {
      const { code: because, message } = submission.error ?? { code: 'ATTEMPT_FAILED', message: '' };
      stop('INVALID_STATE', { because }, `The code could not be sent. ${message}`);
    }
  }

  /** @throws CODE_INVALID for a code that is wrong, void, used, expired, or for another address */
  async function confirm({ actor, code }: By & { code: string }): Promise<void> {
    const input = orThrow(parse(confirmSchema, { code }));
    const { id, key } = await requireSender(actor);
    // Each try counts before the comparison, so that parallel guesses cannot exceed the limit.
    const counted = await rows(db())
      .where({ user_id: id, code_key: key })
      .whereNotNull('code_hash')
      .andWhere('code_tries', '<', MAX_TRIES)
      .andWhere('code_expires_at', '>', nowMs(db()))
      .increment('code_tries', 1);
    const [row]: { code_hash: string | null }[] =
      counted === 1 ? await rows(db()).where({ user_id: id }).select('code_hash') : [];
    if (!row?.code_hash || !(await opens(normaliseCode(input.code), row.code_hash))) return stop('CODE_INVALID');
    const used = await rows(db())
      .where({ user_id: id, code_key: key, code_hash: row.code_hash })
      .update({ address_key: key, confirmed_at: nowMs(db()), code_hash: null, code_key: null, code_expires_at: null });
    if (used !== 1) stop('CODE_INVALID');
  }

  async function me({ actor }: By): Promise<Me> {
    return {
      tenants: await identities.tenantsOf(actor),
      ownAddress: await status({ actor }),
      limits,
    };
  }

  /**
   * Voids confirmations and codes for addresses that are no longer the account e-mail. The hourly limit stays.
   *
   * @param user all users without it
   */
  function forgetChanged(user?: number): Promise<void> {
    return inTransaction(strapi, async (trx) => {
      const query = trx(`${TABLES.confirmations} as c`)
        .leftJoin('admin_users as u', 'u.id', 'c.user_id')
        .select('c.user_id', 'c.address_key', 'c.code_key', 'u.email', { known: 'u.id' });
      if (user !== undefined) query.where('c.user_id', user);
      const all: {
        user_id: number;
        address_key: string | null;
        code_key: string | null;
        email: string | null;
        known: number | null;
      }[] = await query;
      for (const { user_id, address_key, code_key, email, known } of all) {
        if (known === null) {
          await rows(trx).where({ user_id }).delete();
          await trx(TABLES.lastChoices).where({ user_id }).delete();
          continue;
        }
        const key = addressKey(email ?? '');
        if (address_key !== null && address_key !== key)
          await rows(trx).where({ user_id }).update({ address_key: null, confirmed_at: null });
        if (code_key !== null && code_key !== key)
          await rows(trx).where({ user_id }).update({ code_hash: null, code_key: null, code_expires_at: null });
      }
    });
  }

  function db(): Queries {
    return connectionOf(strapi);
  }

  function rows(queries: Queries) {
    return queries(TABLES.confirmations);
  }

  /** @throws FORBIDDEN_TO_SEND */
  async function requireSender(actor: Actor): Promise<{ id: number; email: string; key: string }> {
    const user = actor.type === 'user' ? await identities.userOf(actor.id) : null;
    if (!user?.exists || !user.isActive || user.blocked || !user.maySend) return stop('FORBIDDEN_TO_SEND');
    return { id: user.id, email: user.email, key: addressKey(user.email) };
  }

  /** Counts one of three requests per hour by one conditional update. @returns milliseconds to wait, or null */
  async function countRequest(user: number): Promise<number | null> {
    await rows(db()).insert({ user_id: user }).onConflict('user_id').ignore();
    const changed = await rows(db())
      .where({ user_id: user })
      .andWhere((where) => {
        where.whereNull('requested_1_at').orWhere('requested_1_at', '<=', nowPlusMs(db(), -HOUR_MS));
      })
      // In this order: MySQL reads the new value of a column that was already assigned.
      .update({
        requested_1_at: db().ref('requested_2_at'),
        requested_2_at: db().ref('requested_3_at'),
        requested_3_at: nowMs(db()),
      });
    if (changed === 1) return null;
    const [row]: { wait: unknown }[] = await rows(db())
      .where({ user_id: user })
      .select({ wait: db().raw('requested_1_at + ? - (?)', [HOUR_MS, nowMs(db())]) });
    return Math.max(int(row?.wait) ?? HOUR_MS, 1000);
  }

  function site() {
    return siteOf({
      serverUrl: strapi.config.get('server.url'),
      // `absoluteUrl` has localhost in development; in production it would contain the bind address.
      adminUrl: strapi.config.get(
        strapi.config.get('environment') === 'development' ? 'admin.absoluteUrl' : 'admin.url'
      ),
      systemName: systemName(),
    });
  }

  return { status, request, confirm, me, forgetChanged };
};

export type OwnAddressService = ReturnType<typeof createOwnAddressService>;
