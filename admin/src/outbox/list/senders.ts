import type { Identity, IdentityId, IdentityList, Submission } from '../../../../server/src/contracts/answers';

export type SenderOf = Pick<Identity, 'id' | 'name' | 'email'>;

/**
 * Addresses that a list can be narrowed to: those that its reader is offered or would be, and the mailboxes that what is
 * shown was written from. Each once, in this order.
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
