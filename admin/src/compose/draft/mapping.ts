import type { Draft as StoredDraft, IdentityId } from '../../../../server/src/contracts/answers';
import { isIdentityId } from '../../../../server/src/contracts/checks';
import { recipientsOf, type Draft } from './draft';
import { filesOf, type Attached } from '../attached';
import { laterOf, laterText } from '../send-later';

/** Content of a stored draft: the input of a submission, possibly incomplete. */
export interface Content {
  tenant?: string;
  from: string | null;
  /** '': the author chose no Reply-To; null: the server preselects it */
  replyTo: string | null;
  to: ReturnType<typeof recipientsOf>;
  cc: ReturnType<typeof recipientsOf>;
  bcc: ReturnType<typeof recipientsOf>;
  subject: string;
  text: null;
  html: string;
  attachments: { file: number; name: string; cid?: string }[];
  /** RFC 9557, with the name of the zone. */
  sendAt: string | null;
  sendZone: string | null;
}

export const contentOf = (draft: Draft): Content => ({
  ...(draft.tenant === undefined ? {} : { tenant: draft.tenant }),
  from: draft.from ?? null,
  replyTo: draft.replyTo === null ? '' : (draft.replyTo ?? null),
  to: recipientsOf(draft.to),
  cc: recipientsOf(draft.cc),
  bcc: recipientsOf(draft.bcc),
  subject: draft.subject,
  text: null,
  html: draft.html,
  attachments: filesOf(draft),
  sendAt: draft.later === null ? null : laterText(draft.later),
  sendZone: draft.later?.zone ?? null,
});

const escaped = (text: string): string =>
  text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`).replace(/\r?\n/g, '<br>');

/** Returns the paragraphs of plain text as HTML, for a draft stored without HTML. */
const htmlOf = (text: string): string =>
  text
    .split(/(?:\r?\n){2,}/)
    .map((paragraph) => `<p>${escaped(paragraph)}</p>`)
    .join('');

const identityOf = (id = ''): IdentityId | undefined => (isIdentityId(id) ? id : undefined);

type File = NonNullable<StoredDraft['attachments']>[number];

const attachedOf = ({ file, name, cid }: File & { cid?: string }): Attached => ({
  file,
  name: name ?? '',
  mime: '',
  bytes: null,
  url: null,
  cid: cid ?? null,
  missing: false,
});

const addresses = (list: StoredDraft['to'] = []): Draft['to'] => ({
  value: list.map((item) => (typeof item === 'string' || item.name ? item : item.email)) as Draft['to']['value'],
  pending: '',
});

/** @param key idempotency key of its submission; a draft that Undo restores needs a new one */
export const draftOf = (stored: StoredDraft, key: string): Draft => ({
  key,
  tenant: stored.tenant,
  from: identityOf(stored.from),
  replyTo: stored.replyTo === '' ? null : identityOf(stored.replyTo),
  to: addresses(stored.to),
  cc: addresses(stored.cc),
  bcc: addresses(stored.bcc),
  subject: stored.subject ?? '',
  html: stored.html ?? (stored.text ? htmlOf(stored.text) : ''),
  attachments: (stored.attachments ?? []).map(attachedOf),
  later: stored.sendAt ? laterOf(stored.sendAt, stored.sendZone) : null,
});
