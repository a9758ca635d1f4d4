import { sendersOf } from '../../../admin/src/outbox/list/senders';
import { aList, anIdentity, aSubmission } from './builders';

const through = (email: string) => ({ kind: 'mailbox', mailbox: 'events', name: 'Club Events', email }) as const;

describe('the addresses that the outbox can be narrowed to', () => {
  it('are the available and the unavailable identities, each once', () => {
    const list = aList({
      from: [anIdentity('own'), anIdentity('mailbox:news')],
      unavailable: [
        { identity: anIdentity('mailbox:off'), list: 'from', code: 'MAILBOX_DISABLED', message: '' },
        { identity: anIdentity('mailbox:reply'), list: 'replyTo', code: 'MAILBOX_DISABLED', message: '' },
        { identity: anIdentity('own'), list: 'from', code: 'OWN_ADDRESS_UNCONFIRMED', message: '' },
      ],
    });
    expect(sendersOf(list, []).map(({ id }) => id)).toEqual(['own', 'mailbox:news', 'mailbox:off']);
    expect(sendersOf(undefined, [])).toEqual([]);
  });

  it('include the From of the shown submissions, and not mailboxes that were only their transport', () => {
    const shown = [
      aSubmission({ from: { name: 'Ada', email: 'ada@club.example' }, transport: through('events@club.example') }),
      aSubmission(),
    ];
    expect(sendersOf(aList(), shown)).toEqual([]);
    const written = {
      from: { name: 'Events', email: 'events@club.example' },
      transport: through('events@club.example'),
    };
    expect(sendersOf(aList(), [aSubmission(written), aSubmission(written)])).toEqual([
      { id: 'mailbox:events', name: 'Club Events', email: 'events@club.example' },
    ]);
  });
});
