import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { createId } from '@paralleldrive/cuid2';
import type { Core } from '@strapi/types';
import type { Actor } from './domain/actor';
import { holds, managesTenants } from './domain/administration';
import type { Pause } from './domain/mailbox';
import { withoutReply } from './domain/outcome';
import type { Setup, SystemMailboxStatus } from './contracts/answers';
import type { Emit } from './contracts/events';
import type { Services } from './contracts/services';
import type { Transport } from './domain/identity';
import { SYSTEM_TRANSPORT } from './domain/lane';
import { createSystemMailbox } from './system-mailbox/service';
import { readSettings } from './config';
import { countFinding, findFindings, forgetFindings } from './guard/findings';
import { createPresence } from './database/presence';
import { connectionOf, createDetachedRunner, joining } from './database/transaction';
import { createConnectionTest } from './smtp/connection-test';
import { ehloNameOf } from './network/ehlo-name';
import { createScheduler } from './outbox/scheduler';
import { buildMessage, messageSize } from './message/encode';
import { createNetworkRule } from './network/target-rule';
import { createRemoteFiles } from './network/remote-file';
import { trustedRoots } from './network/trusted-roots';
import { atOnce } from './smtp/semaphore';
import { createTransportHealth } from './outbox/transport-health';
import { createTestMail } from './smtp/test-mail';
import { createTransports } from './smtp/pool';
import { createWorker } from './outbox/worker';
import { readPause } from './outbox/transport-state';
import type { Route } from './smtp/route';
import { createDraftsService } from './drafts/service';
import { createGrantsService } from './grants/service';
import { isGuarded, sendUnguarded } from './guard/provider';
import { createGuard } from './guard/service';
import { createPickers } from './grants/pickers';
import { createMissingNamesCheck } from './identities/missing-names';
import { createIdentitiesService } from './identities/service';
import { emailConfigOf, readDefaultReplyTo } from './system-mailbox/read';
import { createConnectionService } from './mailboxes/connection';
import { createLaneLimits, createMailboxRouting } from './mailboxes/routing';
import { createMailboxesService } from './mailboxes/service';
import { createUnreadableSecretsCheck } from './mailboxes/unreadable-secrets';
import { createSignatures } from './mailboxes/signature';
import { createOwnAddressService } from './own-address/service';
import { createResumeMended } from './maintenance/resume-mended';
import { createKeyRing } from './secrets/key-ring';
import { redact } from './secrets/redact';
import { createSecretStore } from './secrets/store';
import { stop } from './strapi/error';
import { withoutValues } from './strapi/failed-statements';
import { offsetOf } from './contracts/page';
import { createRolePermissions } from './strapi/role-permissions';
import { createAttachmentReader } from './message/attachments';
import { createHealth } from './submissions/queries/health';
import { cleanHtml, htmlProblem } from './message/clean-html';
import { textOf } from './message/plain-text';
import { createSubmissionsService } from './submissions/service';
import { loadInliner } from './message/inline-css';
import { createTenantsService } from './tenants/service';

/** Messages that a process builds at the same time. */
const BUILT_AT_ONCE = 4;
/** Messages with files that a process has in memory at the same time: each up to three times `limits.messageBytes`. */
const WITH_FILES_AT_ONCE = 3;
/** Somebody waits for a test mail: shorter than RFC 5321 §4.5.3.2 wants for a message that must not get lost. */
const TEST_MAIL_TIMEOUTS = { connectMs: 15_000, stallMs: 30_000, replyMs: 30_000 };

/** Builds everything of one Strapi instance. The only place, besides the doors, that sees all nouns. */
const build = (strapi: Core.Strapi) => {
  const settings = readSettings(strapi.config.get('plugin::mailboxes'));
  const clock = (): number => Date.now();
  const newId = createId;
  const network = createNetworkRule(settings.network);
  const secrets = createSecretStore(
    createKeyRing({
      configured: settings.secrets.keys,
      strapiKey: strapi.config.get<string | undefined>('admin.secrets.encryptionKey') ?? null,
      formerStrapiKeys: settings.secrets.formerStrapiKeys,
    })
  );
  const emit: Emit = (event, payload) => {
    strapi.eventHub.emit(event, payload).catch((error: unknown) => logError(`a listener of ${event} failed`, error));
  };
  const configured = settings.system.transport;
  const systemSecrets = configured !== 'strapi-email' && configured.password ? [configured.password] : [];
  /** Never the error object itself: a mail library's error can hold the whole conversation. */
  const logError = (what: string, thrown: unknown): void => {
    const error = withoutValues(thrown);
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    strapi.log.error(`[mailboxes] ${what}: ${redact(text, systemSecrets)}`);
  };

  const system = createSystemMailbox({
    strapi,
    settings,
    network,
    provider: { send: (options) => sendUnguarded(strapi, options) },
    readPause: () => readPause(connectionOf(strapi), SYSTEM_TRANSPORT),
  });
  const identities = createIdentitiesService({
    strapi,
    systemActors: settings.systemActors,
    requireConfirmation: settings.ownAddress.requireConfirmation,
    system: system.mailbox,
    clock,
  });
  const tenants = createTenantsService({ strapi, identities, mailboxLimit: settings.mailboxLimit, clock });

  const scheduler = createScheduler({ onError: (error) => logError('delivery broke off', error) });
  const delivers = settings.delivery.role !== 'accept';
  const leaseMs = settings.delivery.leaseSeconds * 1000;
  const building = atOnce(BUILT_AT_ONCE);
  const submissions = createSubmissionsService({
    strapi,
    identities,
    limits: settings.limits,
    undoSeconds: settings.delivery.undoSeconds,
    maxAgeMs: settings.delivery.maxAgeHours * 3_600_000,
    build: (parts) => building(() => buildMessage(parts)),
    measure: (parts) => building(() => messageSize(parts)),
    attachments: createAttachmentReader(strapi, createRemoteFiles(settings.network.allow)),
    fewAtOnce: atOnce(WITH_FILES_AT_ONCE),
    wake: scheduler.wake,
    deliverNow: (claim, bytes) => worker.take(claim, () => oneChunk(bytes)),
    emit,
    leaseMs,
    clock,
    newId,
    limitsOf: createLaneLimits(settings.limits.perMailboxPerMinute),
  });
  const paused = (id: string, { code }: Pause): void => {
    strapi.log.warn(
      `[mailboxes] ${id === SYSTEM_TRANSPORT ? 'the system mailbox' : `mailbox ${id}`} is paused: ${code}`
    );
    emit('mailboxes.mailbox.paused', { id, code });
  };
  const recovered = (id: string): void => {
    emit('mailboxes.mailbox.recovered', { id });
    scheduler.wake(clock());
  };
  const mailboxes = createMailboxesService({
    strapi,
    identities,
    tenants,
    submissions: submissions.ofMailboxes,
    secrets,
    checkTarget: network.mayConnect,
    emit,
    recovered,
    perMinute: settings.limits.perMailboxPerMinute,
    clock,
    newId,
  });
  const grants = createGrantsService({ strapi, mailboxes, identities, emit, clock });
  const ownAddress = createOwnAddressService({
    strapi,
    identities,
    submissions,
    limits: {
      recipients: settings.limits.recipients,
      messageBytes: settings.limits.messageBytes,
      undoSeconds: settings.delivery.undoSeconds,
    },
    systemName: () => system.mailbox().name,
  });

  const routeOfMailbox = createMailboxRouting(strapi, secrets);
  const routeOf = (transport: Transport): Promise<Route> =>
    transport.kind === 'system' ? system.route() : routeOfMailbox(connectionOf(strapi), transport.mailbox);

  const roots = trustedRoots(settings.network.ca);
  const ehloName = ehloNameOf({
    configured: settings.network.ehloName,
    serverUrl: strapi.config.get('server.url'),
    machine: hostname(),
  });
  const transports = createTransports({ network, trustedRoots: roots, ehloName });
  const worker = createWorker({
    store: submissions.outbox,
    transports,
    routeOf,
    onAttemptResult: createTransportHealth({
      strapi,
      versionOf: async (transport) => {
        const route = await routeOf(transport);
        return route.kind === 'smtp' ? route.version : null;
      },
      paused,
      recovered,
    }),
    onFinished: submissions.settled,
    onError: logError,
    random: Math.random,
    leaseMs,
    concurrency: settings.delivery.concurrency,
  });

  const presence = createPresence({
    strapi,
    newId,
    onSecond: ({ host, pid }) =>
      strapi.log.warn(
        `[mailboxes] another Strapi process (${pid} on ${host}) works on the same SQLite file. SQLite supports one: stop the other, or use PostgreSQL, MySQL or MariaDB`
      ),
    onError: (error) => logError('the heartbeat could not be written', error),
  });

  const sendTestMail = createTestMail({
    transports: createTransports({ network, trustedRoots: roots, ehloName, timeouts: TEST_MAIL_TIMEOUTS }),
    clock,
    newId,
    newUuid: randomUUID,
    system: { address: () => system.mailbox().email, route: system.transport },
  });
  const connection = createConnectionService({
    strapi,
    identities,
    tenants,
    requireConfirmation: settings.ownAddress.requireConfirmation,
    updatable: mailboxes.updatable,
    secrets,
    checkTarget: network.mayConnect,
    probe: createConnectionTest({ network, trustedRoots: roots, ehloName }),
    sendTestMail,
    systemAddress: () => system.mailbox().email,
    systemTarget: system.target,
    recovered,
    clock,
  });

  const guard = createGuard({
    strapi,
    ...settings.guard,
    limits: settings.limits,
    listFor: identities.listFor,
    systemEmail: () => system.mailbox().email,
    defaultReplyTo: () => readDefaultReplyTo(emailConfigOf(strapi)),
    handOver: submissions.handOver,
    apart: createDetachedRunner(strapi),
    findings: {
      count: (found) => countFinding(connectionOf(strapi), found),
      page: ({ q, ...page }) => findFindings(strapi.db.connection, { q, offset: offsetOf(page), limit: page.pageSize }),
      forget: () => forgetFindings(strapi.db.connection),
    },
    holds: async (actor, action) => holds(await identities.administratorOf(actor), action),
    isGuarded: () => isGuarded(strapi),
    onError: logError,
    clock,
  });

  const rolePermissions = createRolePermissions(strapi);

  return {
    settings,
    services: {
      identities: joining(strapi, identities),
      tenants: joining(strapi, tenants),
      mailboxes: joining(strapi, mailboxes),
      grants: joining(strapi, grants),
      submissions: joining(strapi, submissions),
      'own-address': joining(strapi, ownAddress),
      health: joining(strapi, createHealth({ db: () => connectionOf(strapi), unreadable: secrets.unreadable })),
      connection,
      secrets: { rotate: () => secrets.rotate(strapi.db.connection) },
    } satisfies Services & Record<string, object>,
    pickers: createPickers(strapi, identities),
    signatureOf: createSignatures({ strapi, identities, html: { clean: cleanSignature, textOf } }),
    system,
    resumeMended: createResumeMended({ strapi, settings, trustedRoots: roots, emit }),
    missingNames: createMissingNamesCheck({ strapi, ...settings }),
    checkSecrets: createUnreadableSecretsCheck({ strapi, secrets, paused, recovered }),
    drafts: createDraftsService({
      strapi,
      identities,
      messageBytes: settings.limits.messageBytes,
      bytesPerUser: settings.limits.draftBytesPerUser,
      newId,
    }),
    rolePermissions,
    /** The system mailbox for somebody who administers a tenant; what its server said is for an operator. */
    systemStatus: async (actor: Actor): Promise<SystemMailboxStatus> => {
      const { pausedBecause: pause, ...status } = await system.status();
      const operates = managesTenants(await identities.administratorOf(actor));
      return { ...status, pausedBecause: pause && !operates ? withoutReply(pause) : pause };
    },
    setup: async (): Promise<Setup> => ({ weakProvider: system.weakProvider(), ...(await rolePermissions.status()) }),
    forgetLostPermissions: async (actor: Actor): Promise<void> => {
      if (!managesTenants(await identities.administratorOf(actor))) stop('FORBIDDEN');
      await rolePermissions.forgetLost();
    },
    guard,
    loadLibraries: async (): Promise<void> => {
      await loadInliner();
    },
    startDelivery: async (): Promise<void> => {
      if (!delivers) return;
      await presence.start();
      scheduler.start(worker.work);
    },
    stopDelivery: async (): Promise<void> => {
      const { shutdownGraceMs } = settings.delivery;
      await Promise.all([scheduler.stop(shutdownGraceMs), worker.stop(shutdownGraceMs)]);
      await presence.stop();
    },
  };
};

/** No picture comes with a signature yet: it shows what is on the web. */
const NO_PICTURES: ReadonlySet<string> = new Set();

const cleanSignature = async (html: string): Promise<string> =>
  htmlProblem(html) === null ? cleanHtml(html, NO_PICTURES) : '';

async function* oneChunk(bytes: Buffer): AsyncGenerator<Uint8Array> {
  yield bytes;
}

export type Plugin = ReturnType<typeof build>;

const instances = new WeakMap<object, Plugin>();

/** Everything of this Strapi instance, built at the first call. */
export const compose = (strapi: Core.Strapi): Plugin => {
  const known = instances.get(strapi);
  if (known) return known;
  const made = build(strapi);
  instances.set(strapi, made);
  return made;
};
