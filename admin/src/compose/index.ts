/* What other pages of Communication use of Compose: open a draft, start a message, and its words. */
export { useMailboxesDeleteDraftMutation, useMailboxesDraftsQuery } from './draft/api';
export { draftStore, useDrafts } from './draft/store';
export { problemOf, type Saying } from './problem';
export { laterAt, sendAtOf } from './send-later';
export { SendLaterFields } from './SendLater';
export { useProblemText, useSayings } from './use-sayings';
export { WriteButton } from './WriteButton';
