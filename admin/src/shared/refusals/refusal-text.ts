import type { TextKey } from '../i18n/use-text';

/**
 * Returns the translation keys of a refusal's code. A text may be missing: `next` where the user can do nothing, both for
 * a code of a newer server.
 *
 * @param code a stable code
 */
export const refusalText = (code: string): { message: TextKey; next: TextKey } => ({
  message: `refusal.${code}` as TextKey,
  next: `next.${code}` as TextKey,
});
