import type { Because, Grant } from '../../../../server/src/contracts/answers';

/** Returns the end of a reason to use a mailbox (ISO 8601); null: no end, or the grants are unknown. */
export const endOfReason = (
  because: Because,
  user: number,
  grants: readonly Pick<Grant, 'user' | 'role' | 'expiresAt'>[]
): string | null => {
  const grant = grants.find((one) =>
    because === 'user-grant' ? one.user === user : because === `role-grant:${one.role}`
  );
  return grant?.expiresAt ?? null;
};
