import type { Timing } from '../app-process';

/**
 * Times for processes that are killed or stopped, where the test is not about the numbers; the defaults are 90 s and
 * 5 s.
 */
export const SHORT: Timing = { leaseMs: 1000, pollMs: 500 };

/**
 * For several processes that boot while others deliver: an event loop without CPU for a second must keep its lease.
 */
export const BUSY: Timing = { leaseMs: 3000, pollMs: 500 };

/** The configuration of the processes that the proofs boot: one actor, and the system mailbox over one server. */
export const proofConfig = (port: number, delivery: Record<string, unknown> = {}): Record<string, unknown> => ({
  systemActors: { robot: { mailboxes: 'all' } },
  network: { allow: ['127.0.0.1'] },
  system: {
    from: { email: 'system@site.example' },
    transport: { host: '127.0.0.1', port, encryption: 'none', auth: 'none' },
  },
  limits: { perMailboxPerMinute: 1_000_000 },
  delivery: { shutdownGraceMs: 5000, ...delivery },
});
