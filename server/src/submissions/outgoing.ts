import type { Identity } from '../domain/identity';
import type { FilePart } from '../domain/message';
import type { Outgoing } from '../domain/warnings';
import type { SubmitRequest } from '../contracts/submission';
import type { Assembled } from '../message/assemble';
import { yielderFor } from '../message/clean-html';
import { remoteImagesIn } from '../message/content-ids';
import { textOf } from '../message/plain-text';

/** Returns the parts of an assembled message that its warnings depend on. */
export const outgoingOf = async (
  from: Identity,
  request: Pick<SubmitRequest, 'subject' | 'text'>,
  { parts, html, own }: Assembled<FilePart>
): Promise<Outgoing> => {
  await yielderFor(html ?? '')();
  return {
    from,
    subject: request.subject,
    // A separate text part need not mark quotations, so the warnings read the text of the HTML.
    text: own === null || (own === html && request.text === null) ? parts.text : textOf(own),
    visibleRecipients: parts.to.length + parts.cc.length,
    attachments: parts.attachments.filter(({ cid }) => cid === null).length,
    remoteImages: remoteImagesIn(html ?? ''),
  };
};
