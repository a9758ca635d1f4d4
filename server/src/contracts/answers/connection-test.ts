/** One step of a connection test. */
export interface Step {
  step: 'dns' | 'connect' | 'tls' | 'auth' | 'mail-from' | 'rcpt-to';
  /** null: not reached, not requested, or (with a `problem`) refused without effect on delivery */
  ok: boolean | null;
  message: string;
  /** The server's reply, or the finding of a step that passed. */
  detail?: string;
  problem?: string;
  /** Certificate of the server; `validTo` is ISO 8601. */
  certificate?: { subject: string; issuer: string; validTo: string };
}

export interface ConnectionTestResult {
  ok: boolean;
  steps: Step[];
  /** Result of the test mail; null: not requested, or an earlier step failed. */
  mail: { ok: boolean; message: string; detail?: string } | null;
}
