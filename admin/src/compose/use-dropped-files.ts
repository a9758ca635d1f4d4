import { useNotification } from '@strapi/strapi/admin';
import * as React from 'react';
import { useText } from '../shared/i18n/use-text';

const holdsFiles = ({ dataTransfer }: DragEvent): boolean => dataTransfer?.types.includes('Files') ?? false;

/**
 * Keeps the page where a file is dropped beside every place that takes files: the browser would open it instead. Says
 * where files are attached.
 */
export const useDroppedFiles = (): void => {
  const t = useText();
  const { toggleNotification } = useNotification();
  const tell = React.useRef(() => undefined as void);
  tell.current = () => toggleNotification({ type: 'warning', message: t('attachments.dropped') });
  React.useEffect(() => {
    const isOurs = (event: DragEvent) => {
      // The text and the media library's dialog take their own.
      if (event.defaultPrevented || !holdsFiles(event)) return false;
      event.preventDefault();
      return true;
    };
    const drop = (event: DragEvent) => {
      if (isOurs(event)) tell.current();
    };
    window.addEventListener('dragover', isOurs);
    window.addEventListener('drop', drop);
    return () => {
      window.removeEventListener('dragover', isOurs);
      window.removeEventListener('drop', drop);
    };
  }, []);
};
