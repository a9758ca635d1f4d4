import { useFetchClient, useStrapiApp } from '@strapi/strapi/admin';
import * as React from 'react';
import type { MediaFile } from './attached';

interface DialogProps {
  allowedTypes?: string[];
  multiple?: boolean;
  onClose: () => void;
  onSelectAssets: (files: MediaFile[]) => void;
}

type Kind = 'pictures' | 'files';

interface Asking {
  kind: Kind;
  /** What the dialog took the focus from. */
  from: Element | null;
  answer: (files: MediaFile[]) => void;
}

/**
 * The media library's own dialog, with its own rights.
 *
 * @returns `pick`: resolves with what was chosen, empty when it was closed; null: this site has no media library
 */
export const useMediaLibrary = (): {
  pick: ((kind: Kind) => Promise<MediaFile[]>) | null;
  dialog: React.ReactNode;
} => {
  const components = useStrapiApp('Mailboxes', (state) => state.components);
  const Dialog = components['media-library'] as React.ComponentType<DialogProps> | undefined;
  const [asking, setAsking] = React.useState<Asking | null>(null);
  const pick = React.useCallback(
    (kind: Kind) => new Promise<MediaFile[]>((answer) => setAsking({ kind, answer, from: document.activeElement })),
    []
  );
  const from = asking?.from;
  React.useEffect(
    () => () => {
      // The dialog gives it back to a button of its own, and has none. What was chosen may have taken it already.
      if (from instanceof HTMLElement && document.activeElement === document.body) from.focus();
    },
    [from]
  );
  if (!Dialog) return { pick: null, dialog: null };

  const end = (files: MediaFile[]) => {
    asking?.answer(files);
    setAsking(null);
  };
  return {
    pick,
    dialog: asking && (
      <Dialog
        allowedTypes={asking.kind === 'pictures' ? ['images'] : ['files', 'images', 'videos', 'audios']}
        multiple={asking.kind === 'files'}
        onClose={() => end([])}
        onSelectAssets={end}
      />
    ),
  };
};

/** What the media library knows of a file; null: nothing (any more), or not for this user. */
export const useMediaFile = (): ((id: number) => Promise<MediaFile | null>) => {
  const { get } = useFetchClient();
  return React.useCallback(
    async (id) => {
      const { data } = await get<MediaFile>(`/upload/files/${id}`, { validateStatus: (status) => status < 500 });
      return data.id === id ? data : null;
    },
    [get]
  );
};
