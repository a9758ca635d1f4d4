import type { Identity, IdentityId, IdentityList, Submission } from '../../../../server/src/contracts/answers';

export type SenderOf = Pick<Identity, 'id' | 'name' | 'email'>;

/**
 * Returns the senders to filter by, without duplicates: identities offered to the reader, unavailable identities, then
 * the mailboxes of the submissions shown.
 */
export const sendersOf = (list: IdentityList | undefined, shown: readonly Submission[]): SenderOf[] => {
  const senders = new Map<IdentityId, SenderOf>();
  const add = (sender: SenderOf) => senders.has(sender.id) || senders.set(sender.id, sender);
  list?.from.forEach(add);
  list?.unavailable.forEach(({ list: of, identity }) => of === 'from' && add(identity));
  for (const { from, transport } of shown)
    if (transport.kind === 'mailbox' && transport.email === from.email)
      add({ id: `mailbox:${transport.mailbox}`, name: transport.name, email: transport.email });
  return [...senders.values()];
};
