import type { PauseCode } from '../../../server/src/contracts/answers';
import type { TextKey } from '../shared/i18n/use-text';

/**
 * Why what leaves this way waits, and what to do about it.
 *
 * @param system does it leave through the system mailbox, whose settings are the configuration's?
 * @param administers may the reader be told which key of the configuration to change?
 */
export const pauseTexts = (
  code: PauseCode,
  { system, administers }: { system: boolean; administers: boolean }
): TextKey[] => {
  if (code === 'SECRET_REQUIRED' && system) return ['pause.SECRET_REQUIRED.system'];
  if (code === 'HOST_NOT_ALLOWED' && administers) return ['pause.HOST_NOT_ALLOWED', 'pause.HOST_NOT_ALLOWED.allow'];
  return [`pause.${code}`];
};
