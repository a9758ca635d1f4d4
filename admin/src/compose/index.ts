/* Public part of the room: opening a draft, starting a message, and the texts of refusals. */
export { useMailboxesDeleteDraftMutation, useMailboxesDraftsQuery } from './draft/api';
export { draftStore, useDrafts } from './draft/store';
export { problemOf, type Saying } from './problem';
export { laterAt, sendAtOf } from './send-later';
export { SendLaterFields } from './SendLater';
export { useProblemText, useSayings } from './use-sayings';
export { WriteButton } from './WriteButton';
