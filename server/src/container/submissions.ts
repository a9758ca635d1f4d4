import { createLaneLimits } from '../mailboxes/routing';
import { createAttachmentReader } from '../message/attachments';
import { buildMessage, messageSize } from '../message/encode';
import { createRemoteFiles } from '../network/remote-file';
import { atOnce } from '../smtp/semaphore';
import { createSubmissionsService, type SubmissionsDependencies } from '../submissions/service';
import type { Identities } from './identities';
import type { Technique } from './technique';

/** Messages that a process builds at the same time. */
const BUILT_AT_ONCE = 4;
/** Messages with files that a process has in memory at the same time: each up to three times `limits.messageBytes`. */
const WITH_FILES_AT_ONCE = 3;

/** Builds the submissions. */
export function createSubmissions(
  { strapi, settings, emit, clock, newId, logError }: Technique,
  identities: Identities['identities'],
  delivery: Pick<SubmissionsDependencies, 'wake' | 'deliverNow'>
) {
  const building = atOnce(BUILT_AT_ONCE);
  return createSubmissionsService({
    strapi,
    identities,
    limits: settings.limits,
    undoSeconds: settings.delivery.undoSeconds,
    maxAgeMs: settings.delivery.maxAgeHours * 3_600_000,
    build: (parts) => building(() => buildMessage(parts)),
    measure: (parts) => building(() => messageSize(parts)),
    attachments: createAttachmentReader(strapi, createRemoteFiles(settings.network.allow)),
    fewAtOnce: atOnce(WITH_FILES_AT_ONCE),
    ...delivery,
    emit,
    leaseMs: settings.delivery.leaseSeconds * 1000,
    clock,
    newId,
    onError: logError,
    limitsOf: createLaneLimits(settings.limits.perMailboxPerMinute),
  });
}
