import type { Socket } from 'node:net';

import type { Encryption } from '../domain/mailbox';

export interface Target {
  /** Host name, IPv4 address, IPv6 address with or without brackets. */
  host: string;
  port: number;
  encryption: Encryption;
}

export interface CheckedAddress {
  address: string;
  family: 4 | 6;
}

/** `dns.promises.lookup` reduced to the options in use, so that tests can replace it. */
export type Lookup = (
  host: string,
  options: { all: true; verbatim: true }
) => Promise<{ address: string; family: number }[]>;

export type TargetProblem = 'host' | 'address' | 'port' | 'encryption';

export type TargetCheck = { ok: true } | { ok: false; reason: TargetProblem };

export type Resolution =
  | { ok: true; addresses: CheckedAddress[] }
  | { ok: false; reason: TargetProblem; address?: string }
  /** `cause` is the resolver's error; absent for an empty list of addresses. */
  | { ok: false; reason: 'unresolved'; cause?: unknown };

export interface NetworkRule {
  checkTarget(target: Target): TargetCheck;
  resolveTarget(query: Target & { lookup?: Lookup }): Promise<Resolution>;
  connectChecked(query: Target & { timeoutMs: number; lookup?: Lookup }): Promise<Socket>;
  mayConnect: (target: Target) => Promise<TargetCheck>;
}
