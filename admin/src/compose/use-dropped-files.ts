import { useNotification } from '@strapi/strapi/admin';
import * as React from 'react';
import { useText } from '../shared/i18n/use-text';

const holdsFiles = ({ dataTransfer }: DragEvent): boolean => dataTransfer?.types.includes('Files') ?? false;

/**
 * Prevents the browser from opening a file that is dropped outside of the drop zones, and shows where to attach files.
 */
export const useDroppedFiles = (): void => {
  const t = useText();
  const { toggleNotification } = useNotification();
  const notify = React.useRef(() => undefined as void);
  notify.current = () => toggleNotification({ type: 'warning', message: t('attachments.dropped') });
  React.useEffect(() => {
    const isUnclaimed = (event: DragEvent) => {
      // The editor and the media library's dialog handle drops themselves.
      if (event.defaultPrevented || !holdsFiles(event)) return false;
      event.preventDefault();
      return true;
    };
    const drop = (event: DragEvent) => {
      if (isUnclaimed(event)) notify.current();
    };
    window.addEventListener('dragover', isUnclaimed);
    window.addEventListener('drop', drop);
    return () => {
      window.removeEventListener('dragover', isUnclaimed);
      window.removeEventListener('drop', drop);
    };
  }, []);
};
