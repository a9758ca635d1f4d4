/* Public part of the room: opening a draft, starting a message, and the texts of refusals. */
export { useMailboxesDeleteDraftMutation, useMailboxesDraftsQuery } from './draft/api';
export { draftStore, useDrafts } from './draft/store';
export { problemOf, type Sentence } from './problem';
export { laterAt, sendAtOf } from './send-later';
export { SendLaterFields } from './SendLater';
export { useRefusalWithNext, useSentences } from './use-sentences';
export { WriteButton } from './WriteButton';
