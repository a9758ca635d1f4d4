import type { TenantRef } from './tenant';

/** Limits of a message that a user writes in the admin panel. */
export interface AuthorLimits {
  /** To, Cc and Bcc together, each address once. */
  recipients: number;
  /** Of the whole encoded message: a file takes 4/3 of its size. */
  messageBytes: number;
  /** Default of `SubmitInput`'s `undoSeconds`. */
  undoSeconds: number;
}

/** The account e-mail of the signed-in user and its confirmation. */
export interface OwnAddressStatus {
  email: string;
  confirmed: boolean;
  requestedAt: string | null;
}

/** The signed-in user, with the tenants that they may send in. */
export interface Me {
  tenants: TenantRef[];
  ownAddress: OwnAddressStatus;
  limits: AuthorLimits;
}
