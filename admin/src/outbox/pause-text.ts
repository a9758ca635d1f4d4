import type { PauseCode } from '../../../server/src/contracts/answers';
import type { TextKey } from '../shared/i18n/use-text';

/**
 * Returns the reason of a pause and the next step.
 *
 * @param system true for the system mailbox, whose settings are in the configuration
 * @param administers true if the reader may see names of configuration keys
 */
export const pauseTexts = (
  code: PauseCode,
  { system, administers }: { system: boolean; administers: boolean }
): TextKey[] => {
  if (code === 'SECRET_REQUIRED' && system) return ['pause.SECRET_REQUIRED.system'];
  if (code === 'HOST_NOT_ALLOWED' && administers) return ['pause.HOST_NOT_ALLOWED', 'pause.HOST_NOT_ALLOWED.allow'];
  return [`pause.${code}`];
};
