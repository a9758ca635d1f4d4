import type { MediaFile } from '../../../admin/src/compose/attached';
import type { Draft, Identity, IdentityId, IdentityList, Submission } from '../../../server/src/contracts/answers';

type Recipient = Submission['recipients'][number];

export const aRecipient = (state: Recipient['state'], email = 'reader@news.example'): Recipient => ({
  email,
  field: 'to',
  state,
  reply: null,
});

export const aSubmission = (part: Partial<Submission> = {}): Submission => ({
  id: 'sub',
  state: 'queued',
  actor: { type: 'user', id: 1 },
  tenant: 'club',
  from: { name: 'Club News', email: 'news@club.example' },
  replyTo: null,
  transport: { kind: 'system', email: 'noreply@site.example' },
  messageId: '<1@club.example>',
  subject: 'Hello',
  createdAt: '2026-01-15T12:00:00.000Z',
  sendAt: null,
  sendZone: null,
  settledAt: null,
  attempts: 0,
  nextAttemptAt: '2026-01-15T12:00:00.000Z',
  error: null,
  draft: null,
  resentFrom: null,
  recipients: [aRecipient('pending')],
  ...part,
});

export const anIdentity = (id: IdentityId, part: Partial<Identity> = {}): Identity => ({
  id,
  name: 'Club News',
  email: 'news@club.example',
  source: 'mailbox',
  global: false,
  transport: { kind: 'system', email: 'noreply@site.example' },
  because: ['open'],
  paused: null,
  ...part,
});

export const aList = (part: Partial<IdentityList> = {}): IdentityList => ({
  from: [],
  replyTo: [],
  unavailable: [],
  preselected: { from: null, replyTo: null },
  ...part,
});

export const aStoredDraft = (part: Partial<Draft> = {}): Draft => ({
  id: 'draft',
  version: 1,
  tenant: 'club',
  createdAt: '2026-01-15T12:00:00.000Z',
  updatedAt: '2026-01-15T12:00:00.000Z',
  ...part,
});

/** @param size thousands of bytes */
export const aFile = (id: number, size = 1): MediaFile => ({
  id,
  name: `file-${id}.png`,
  mime: 'image/png',
  size,
  url: `https://files.example/${id}.png`,
});
