import type { GuardMode } from './guard';
import type { SmtpInput } from './mailbox';
import type { RedisSettings } from './redis';

/** The plugin's configuration with every default (contract "Package"). */
export interface Settings {
  mailboxLimit: number;
  contact: { text?: string; url?: string };
  system: { from: { name: string | null; email: string } | null; transport: 'strapi-email' | SmtpInput };
  ownAddress: { requireConfirmation: boolean };
  guard: { mode: GuardMode; actor: string | null };
  /** Addresses in compared form (rules §7). */
  systemActors: Record<string, { mailboxes: 'all' | string[]; tenant: string }>;
  contentApi: { tokens: Record<string, string>; roles: Record<string, string> };
  secrets: { keys: string[]; formerStrapiKeys: string[] };
  network: { allow: string[]; ports: number[]; ca: string[]; ehloName: string | null };
  delivery: {
    engine: 'embedded' | 'bullmq';
    /** A URL or options; null with the engine 'embedded'. */
    redis: string | RedisSettings | null;
    redisPrefix: string;
    role: 'all' | 'accept' | 'deliver';
    undoSeconds: number;
    maxAgeHours: number;
    leaseSeconds: number;
    concurrency: number;
    shutdownGraceMs: number;
  };
  limits: {
    recipients: number;
    messageBytes: number;
    perUserPerHour: number;
    /** null: unlimited */
    bytesPerUserPerHour: number | null;
    draftBytesPerUser: number;
    perTenantPerHour: number | null;
    perMailboxPerMinute: number;
  };
}
