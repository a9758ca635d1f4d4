import * as grant from '../../../server/src/domain/grant';
import * as identity from '../../../server/src/domain/identity';
import * as tenant from '../../../server/src/domain/tenant';
import { runRow, table } from './identity.table';

/* The decision: rules §2 to §6 and §9, one sentence per row. */
describe('the decision', () => {
  it.each(table.map((row) => [row.sentence, row] as const))('%s', (_sentence, row) => {
    const { actual, expected } = runRow({ identity, tenant, grant }, row);
    expect(actual).toEqual(expected);
  });

  it('has no duplicate sentence', () => {
    expect(new Set(table.map(({ sentence }) => sentence)).size).toBe(table.length);
  });
});
