import type { PauseCode } from '../../../../server/src/contracts/answers';
import type { TextKey } from '../../shared/i18n/use-text';

/** Reason and next step by pause code; replies of mail servers are not translated. */
export const PAUSE_TEXTS: Record<PauseCode, { reason: TextKey; next: TextKey }> = {
  AUTH_FAILED: { reason: 'pause.auth-failed', next: 'pause.auth-failed.next' },
  AUTH_NOT_OFFERED: { reason: 'pause.auth-not-offered', next: 'pause.auth-not-offered.next' },
  TLS_FAILED: { reason: 'pause.tls-failed', next: 'pause.tls-failed.next' },
  HOST_UNKNOWN: { reason: 'pause.host-unknown', next: 'pause.host-unknown.next' },
  HOST_NOT_ALLOWED: { reason: 'pause.host-not-allowed', next: 'pause.host-not-allowed.next' },
  SERVER_REFUSED: { reason: 'pause.server-refused', next: 'pause.server-refused.next' },
  SENDER_REJECTED: { reason: 'pause.sender-rejected', next: 'pause.sender-rejected.next' },
  SECRET_REQUIRED: { reason: 'pause.secret-required', next: 'pause.secret-required.next' },
  SECRET_UNREADABLE: { reason: 'pause.secret-unreadable', next: 'pause.secret-unreadable.next' },
  UNREACHABLE: { reason: 'pause.unreachable', next: 'pause.unreachable.next' },
};

/** Returns the next step for the system mailbox, whose settings are in the configuration. */
export const systemNext = (code: PauseCode): TextKey => {
  if (code === 'HOST_NOT_ALLOWED') return 'pause.HOST_NOT_ALLOWED.allow';
  return code === 'SECRET_REQUIRED' ? 'pause.secret-required.set' : 'notice.system-paused.next';
};
