import type { Step } from '../../../../server/src/contracts/answers';
import type { TextKey } from '../../shared/i18n/use-text';

export const STEP_TEXTS: Record<Step['step'], { title: TextKey; passed: TextKey }> = {
  dns: { title: 'test.dns', passed: 'test.dns.passed' },
  connect: { title: 'test.connect', passed: 'test.connect.passed' },
  tls: { title: 'test.tls', passed: 'test.tls.passed' },
  auth: { title: 'test.auth', passed: 'test.auth.passed' },
  'mail-from': { title: 'test.mail-from', passed: 'test.mail-from.passed' },
  'rcpt-to': { title: 'test.rcpt-to', passed: 'test.rcpt-to.passed' },
};

/** `warned`: refused, but sending works anyway. */
export type StepState = 'passed' | 'failed' | 'warned' | 'skipped';

export const stateOf = ({ ok, problem }: Pick<Step, 'ok' | 'problem'>): StepState => {
  if (ok !== null) return ok ? 'passed' : 'failed';
  return problem === undefined ? 'skipped' : 'warned';
};
