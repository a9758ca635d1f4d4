import type { Because, Grant } from '../../../../server/src/contracts/answers';

/** When a reason to use a mailbox ends (ISO 8601); null: it does not, or the grants are not known. */
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
