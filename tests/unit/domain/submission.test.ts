import type { Identity, Transport } from '../../../server/src/domain/identity';
import {
  acceptedOf,
  deriveState,
  isOpen,
  isSettled,
  senderChange,
  SUBMISSION_STATES,
  UNFINISHED,
  type RecipientState,
} from '../../../server/src/domain/submission';

describe('deriveState (delivery §2)', () => {
  it.each<[RecipientState[], ReturnType<typeof deriveState>]>([
    [['accepted'], 'submitted'],
    [['rejected'], 'failed'],
    [['expired'], 'failed'],
    [['canceled'], 'canceled'],
    [['uncertain'], 'uncertain'],
    [['pending'], 'queued'],
    [['deferred'], 'queued'],
    [['accepted', 'rejected'], 'submitted'],
    [['rejected', 'accepted', 'canceled', 'expired'], 'submitted'],
    [['accepted', 'deferred'], 'queued'],
    [['rejected', 'pending'], 'queued'],
    [['canceled', 'rejected'], 'failed'],
    [['canceled', 'expired'], 'failed'],
    [['canceled', 'canceled'], 'canceled'],
    [['uncertain', 'pending'], 'uncertain'],
    [['uncertain', 'accepted', 'deferred', 'rejected', 'canceled', 'expired'], 'uncertain'],
    [[], 'canceled'],
  ])('derives from %j %s', (recipients, state) => {
    expect(deriveState(recipients)).toBe(state);
    expect(deriveState([...recipients].reverse())).toBe(state);
  });

  it('returns a settled state unless a recipient is open or uncertain', () => {
    expect(SUBMISSION_STATES.filter(isSettled)).toEqual(['submitted', 'failed', 'canceled', 'uncertain']);
    expect(SUBMISSION_STATES.filter((state) => !isSettled(state))).toEqual(['held', 'queued', 'submitting']);
    expect([...UNFINISHED]).toEqual(['held', 'queued', 'submitting', 'uncertain']);
  });

  it('isOpen is true for pending and deferred recipients', () => {
    const states: RecipientState[] = [
      'pending',
      'accepted',
      'rejected',
      'deferred',
      'uncertain',
      'canceled',
      'expired',
    ];
    expect(states.filter(isOpen)).toEqual(['pending', 'deferred']);
  });
});

const SYSTEM: Transport = { kind: 'system', email: 'system@site.example' };
const mailbox = (id: string, differs: Partial<Extract<Transport, { kind: 'mailbox' }>> = {}): Transport => ({
  kind: 'mailbox',
  mailbox: id,
  name: 'News',
  email: 'news@club.example',
  ...differs,
});
const identity = (differs: Partial<Identity> = {}): Identity => ({
  id: 'own',
  name: 'Ada',
  email: 'ada@club.example',
  source: 'own',
  global: false,
  transport: SYSTEM,
  because: ['own'],
  paused: null,
  ...differs,
});

describe('senderChange (rules §8)', () => {
  const then = acceptedOf(identity(), identity({ email: 'reply@club.example' }));

  it.each<[string, Identity, Identity | null, string | null]>([
    ['nothing differs', identity(), identity({ email: 'reply@club.example' }), null],
    ['only names differ', identity({ name: 'Other' }), identity({ email: 'reply@club.example', name: 'R' }), null],
    ['only the case differs', identity({ email: 'ADA@Club.example' }), identity({ email: 'Reply@club.example' }), null],
    ['From differs', identity({ email: 'eve@club.example' }), identity({ email: 'reply@club.example' }), 'from'],
    ['Reply-To differs', identity(), identity({ email: 'eve@club.example' }), 'replyTo'],
    ['Reply-To is gone', identity(), null, 'replyTo'],
    [
      'it would go over a mailbox',
      identity({ transport: mailbox('m1') }),
      identity({ email: 'reply@club.example' }),
      'transport',
    ],
    [
      'everything differs: From is told',
      identity({ email: 'eve@club.example', transport: mailbox('m1') }),
      null,
      'from',
    ],
  ])('%s', (_what, from, replyTo, which) => {
    const change = senderChange(then, acceptedOf(from, replyTo));
    expect(change?.details?.which ?? null).toBe(which);
    expect(change?.code).toBe(which === null ? undefined : 'SENDER_CHANGED');
  });

  it('reports both values', () => {
    const before = acceptedOf(identity({ transport: mailbox('m1') }), null);
    const after = acceptedOf(identity({ transport: mailbox('m2') }), null);
    expect(senderChange(before, after)?.details).toEqual({
      which: 'transport',
      before: 'mailbox:m1',
      after: 'mailbox:m2',
    });
  });

  it('compares transports by mailbox, not by name or address', () => {
    const before = acceptedOf(identity({ transport: mailbox('m1') }), null);
    const after = acceptedOf(identity({ transport: mailbox('m1', { name: 'New', email: 'new@club.example' }) }), null);
    expect(senderChange(before, after)).toBeNull();
  });
});
