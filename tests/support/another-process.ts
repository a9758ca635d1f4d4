import { buildMessage, messageSize } from '../../server/src/message/encode';
import { createAttachmentReader } from '../../server/src/message/attachments';
import { createSubmissionsService, type SubmissionsService } from '../../server/src/submissions/service';
import type { App } from './strapi';
import { newId } from '../../server/src/database/new-id';

interface Limits {
  perUserPerHour?: number;
  perTenantPerHour?: number | null;
  bytesPerUserPerHour?: number | null;
}

/** Submissions as another process on the same database would have them: they share the rows and nothing else. */
export const anotherProcess = (
  app: App,
  { perUserPerHour = 300, perTenantPerHour = null, bytesPerUserPerHour = null }: Limits = {}
): SubmissionsService =>
  createSubmissionsService({
    strapi: app.strapi,
    identities: app.service('identities'),
    limits: { recipients: 100, messageBytes: 1_000_000, perUserPerHour, perTenantPerHour, bytesPerUserPerHour },
    undoSeconds: 0,
    maxAgeMs: 24 * 3_600_000,
    build: buildMessage,
    measure: messageSize,
    fewAtOnce: (work) => work(),
    attachments: createAttachmentReader(app.strapi, async () => null),
    wake: () => undefined,
    deliverNow: async () => undefined,
    emit: () => undefined,
    leaseMs: 60_000,
    clock: () => Date.now(),
    newId,
    onError: () => undefined,
    // It only accepts.
    limitsOf: async () => new Map(),
  });
