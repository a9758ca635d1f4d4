import * as React from 'react';
import type { Identity, Signature } from '../../../server/src/contracts/answers';
import { isShown } from '../../../server/src/contracts/checks';
import { LazyEditor } from '../editor/LazyEditor';
import { useText } from '../shared/i18n/use-text';
import { attachedOf, type Attached, type MediaFile } from './attached';
import type { Draft } from './draft/draft';
import { draftStore } from './draft/store';

interface Props {
  from: Identity | null;
  /** undefined: loading */
  signature: Signature | null | undefined;
  draft: Draft;
  pick: (() => Promise<MediaFile[]>) | null;
  onChange: (part: Partial<Draft>) => void;
  onWrongPicture: () => void;
  error: string | undefined;
}

/** Edits the text of a message, with the signature of its mailbox and pictures of the media library. */
export const MessageEditor = ({ from, signature, draft, pick, onChange, onWrongPicture, error }: Props) => {
  const t = useText();
  const { attachments } = draft;
  const images = React.useMemo(
    () => new Map(attachments.flatMap(({ cid, url }) => (cid !== null && url ? [[cid, url] as const] : []))),
    [attachments]
  );

  const pickImage = async () => {
    const [file] = (await pick?.()) ?? [];
    if (!file) return null;
    if (!isShown(file.mime ?? '')) {
      onWrongPicture();
      return null;
    }
    const known = attachments.find((one) => one.cid !== null && one.file === file.id);
    const image: Attached = known ?? attachedOf(file, `picture-${file.id}`);
    if (!known) onChange({ attachments: [...attachments, image] });
    return { cid: image.cid ?? '', url: image.url ?? '', alt: file.alternativeText ?? '' };
  };

  return (
    <LazyEditor
      key={draft.key}
      label={t('compose.text')}
      error={error}
      html={draft.html}
      // On unmount the editor reports its last change, when the form may hold another draft already.
      onChange={(html) => draftStore.get().draft.key === draft.key && onChange({ html })}
      signature={signature}
      signatureOf={signature === undefined ? null : (from?.id ?? null)}
      images={images}
      onPickImage={pickImage}
    />
  );
};
