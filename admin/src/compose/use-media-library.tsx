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

interface OpenDialog {
  kind: Kind;
  /** Element that had the focus before the dialog. */
  from: Element | null;
  resolve: (files: MediaFile[]) => void;
}

/**
 * Opens the media library's dialog, which checks the permissions itself.
 *
 * @returns `pick` resolves with the chosen files, none if the dialog was closed; null: no media library on this site
 */
export const useMediaLibrary = (): {
  pick: ((kind: Kind) => Promise<MediaFile[]>) | null;
  dialog: React.ReactNode;
} => {
  const components = useStrapiApp('Mailboxes', (state) => state.components);
  const Dialog = components['media-library'] as React.ComponentType<DialogProps> | undefined;
  const [request, setRequest] = React.useState<OpenDialog | null>(null);
  const pick = React.useCallback(
    (kind: Kind) => new Promise<MediaFile[]>((resolve) => setRequest({ kind, resolve, from: document.activeElement })),
    []
  );
  const from = request?.from;
  React.useEffect(
    () => () => {
      // The dialog returns the focus to its trigger only, and it has none here. The chosen file's field may have it already.
      if (from instanceof HTMLElement && document.activeElement === document.body) from.focus();
    },
    [from]
  );
  if (!Dialog) return { pick: null, dialog: null };

  const end = (files: MediaFile[]) => {
    request?.resolve(files);
    setRequest(null);
  };
  return {
    pick,
    dialog: request && (
      <Dialog
        allowedTypes={request.kind === 'pictures' ? ['images'] : ['files', 'images', 'videos', 'audios']}
        multiple={request.kind === 'files'}
        onClose={() => end([])}
        onSelectAssets={end}
      />
    ),
  };
};

/** Reads a file of the media library; null: deleted, or not readable for this user. */
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
