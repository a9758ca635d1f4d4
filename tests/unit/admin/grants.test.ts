import { endOfReason } from '../../../admin/src/settings/grants/ends';
import {
  afterSave,
  dayOf,
  difference,
  endOf,
  grantsBody,
  isOver,
  type GrantEntry,
} from '../../../admin/src/settings/grants/entries';

const entry = (subject: number, differs: Partial<GrantEntry> = {}): GrantEntry => ({
  kind: 'user',
  subject,
  expiresAt: null,
  id: `grant${subject}`,
  ...differs,
});

describe('the grants of a form', () => {
  it('are revoked where they are gone, and given where they are new or end at another time', () => {
    const ended = entry(2, { expiresAt: '2026-05-01T20:00:00.000Z' });
    const role = entry(1, { kind: 'role', id: null });
    expect(difference([entry(1), entry(2), entry(3)], [entry(2, ended), entry(3), role])).toEqual({
      revoked: [entry(1)],
      granted: [ended, role],
    });
  });

  it('are in the body of a save only where they changed', () => {
    const ended = entry(2, { expiresAt: '2026-05-01T20:00:00.000Z' });
    const role = entry(1, { kind: 'role', id: null });
    expect(grantsBody({ granted: [ended, role], revoked: [entry(1)] })).toEqual({
      add: [
        { user: 2, expiresAt: '2026-05-01T20:00:00.000Z' },
        { role: 1, expiresAt: null },
      ],
      remove: ['grant1'],
    });
    expect(grantsBody({ granted: [], revoked: [] })).toBeUndefined();
  });

  it('are after a save the unchanged ones and the ones of its answer', () => {
    const role = entry(1, { kind: 'role', id: null });
    const added = { id: 'new', mailbox: 'm', user: null, role: 1, expiresAt: null, createdAt: '' };
    expect(afterSave([entry(1), entry(2)], { granted: [role], revoked: [entry(1)] }, [added])).toEqual([
      entry(2),
      { ...role, id: 'new' },
    ]);
  });
});

describe('the end of a reason to use a mailbox', () => {
  const END = '2026-05-01T20:00:00.000Z';
  const grants = [
    { user: 1, role: null, expiresAt: END },
    { user: 2, role: null, expiresAt: null },
    { user: null, role: 1, expiresAt: '2026-06-01T20:00:00.000Z' },
  ];

  it.each([
    ['user-grant', 1, END],
    ['user-grant', 2, null],
    ['user-grant', 3, null],
    ['role-grant:1', 2, '2026-06-01T20:00:00.000Z'],
    ['role-grant:2', 2, null],
    ['open', 1, null],
  ] as const)('of %s for user %i is that of its grant: %s', (because, user, end) => {
    expect(endOfReason(because, user, grants)).toBe(end);
    expect(endOfReason(because, user, [])).toBeNull();
  });
});

describe('the end of a grant', () => {
  it('is the last second of the day where the administrator is, and shown as that day', () => {
    const end = endOf('2026-05-01');
    expect(end).toBe(new Date(2026, 4, 1, 23, 59, 59).toISOString());
    expect(dayOf(end)).toBe('2026-05-01');
  });

  it('is none for an empty or half-typed day', () => {
    expect([endOf(''), endOf('2026-13-40'), dayOf(null)]).toEqual([null, null, '']);
  });

  it('is over from its very moment on', () => {
    const expiresAt = '2026-05-01T20:00:00.000Z';
    const at = Date.parse(expiresAt);
    expect([isOver({ expiresAt }, at - 1), isOver({ expiresAt }, at), isOver({ expiresAt: null }, at)]).toEqual([
      false,
      true,
      false,
    ]);
  });
});
