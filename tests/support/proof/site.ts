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
