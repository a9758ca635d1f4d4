import type { Because } from '../../domain/identity';
import type { Member } from './tenant';

export interface Grant {
  id: string;
  /** documentId */
  mailbox: string;
  user: number | null;
  role: number | null;
  expiresAt: string | null;
  createdAt: string;
}

/** The reason why a grant has no effect: of a user, or (`no-users`, `none-can-send`) of a role. */
export type GrantProblem = 'blocked' | 'inactive' | 'cannot-send' | 'not-a-member' | 'no-users' | 'none-can-send';

/** The user or role of a grant, and the reason why it has no effect. */
export interface GrantSubject extends Member {
  problem: GrantProblem | null;
}

/** Number of valid grants of a restricted mailbox. */
export interface AccessCount {
  users: number;
  roles: number;
}

/** A user that may use a mailbox, with the reasons. */
export interface WhoMayUseRow {
  user: number;
  name: string;
  email: string;
  /** documentId */
  tenant: string;
  because: Because[];
}
