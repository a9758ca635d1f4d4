import { parseSubmit } from '../../../server/src/contracts/submission';
import { letter } from '../../support/letter';
import { NO_ADDRESSES, REFUSED_SUBMISSIONS } from './submission-inputs.table';

const LIMITS = { recipients: 100, messageBytes: 1_000_000 };
/** Removes keys without a value, as a request does. */
const read = (differs: object) =>
  parseSubmit(JSON.parse(JSON.stringify(letter({ ...differs }))), LIMITS, Date.UTC(2026, 0, 15), true);

it('accepts the valid message on which the tables are based', () => {
  expect(read({})).toMatchObject({ ok: true });
});

describe.each(Object.entries(REFUSED_SUBMISSIONS))('a submission: %s', (_part, rows) => {
  it.each(rows)('rejects %s', (_title, differs, code, path) => {
    expect(read(differs)).toMatchObject({
      ok: false,
      refusal: { code, ...(path === null ? {} : { details: { path } }) },
    });
  });
});

describe('a submission: addresses', () => {
  it.each(['to', 'cc', 'bcc'].flatMap((field) => NO_ADDRESSES.map(([title, value]) => [field, title, value] as const)))(
    'rejects in %s %s, and names the item',
    (field, _title, value) => {
      for (const item of [value, { email: value }])
        expect(read({ cc: ['other@news.example'], [field]: [item] })).toMatchObject({
          ok: false,
          refusal: { code: 'INVALID_RECIPIENTS', details: { recipients: [{ field, index: 0, value }] } },
        });
    }
  );
});
