import { printable, redact } from '../secrets/redact';
import { PASSED, SENTENCE, type TestFailure, type TestProblem, type TestStepName } from './test-problems';

export interface TestStep {
  step: TestStepName;
  /** `null`: not reached, not required, or (with a `problem`) refused although mail can leave. */
  ok: boolean | null;
  /** A plain sentence. */
  message: string;
  /** The server's reply; for a passed step also the facts found. */
  detail?: string;
  problem?: TestProblem;
  /** The server's certificate; `validTo` is ISO 8601. */
  certificate?: TestCertificate;
}

export interface TestCertificate {
  subject: string;
  issuer: string;
  validTo: string;
}

/**
 * Collects the finished steps of a test.
 *
 * @param secrets never shown, should the server repeat them
 */
export const createStepLog = (secrets: readonly string[]) => {
  const done: TestStep[] = [];
  return { done, printableReply, pass, skip, report };

  function printableReply(text: string | undefined): string {
    return printable(redact(text ?? '', secrets));
  }

  function pass(step: TestStepName, detail?: string, certificate?: TestCertificate): void {
    done.push({
      step,
      ok: true,
      message: PASSED[step],
      ...(detail ? { detail } : {}),
      ...(certificate ? { certificate } : {}),
    });
  }

  function skip(step: TestStepName, message: string): void {
    done.push({ step, ok: null, message });
  }

  function report({ step, problem, reply }: TestFailure, ok: false | null): void {
    done.push({ step, ok, message: SENTENCE[problem], problem, ...(reply ? { detail: reply } : {}) });
  }
};

export type StepLog = ReturnType<typeof createStepLog>;
