import * as grant from '../../../server/src/domain/grant';
import * as identity from '../../../server/src/domain/identity';
import * as tenant from '../../../server/src/domain/tenant';
import { runRow, table } from './identity.table';

/* Who may send as what: rules §2 to §6 and §9, one sentence a row. */
describe('who may send as what', () => {
  it.each(table.map((row) => [row.sentence, row] as const))('%s', (_sentence, row) => {
    const { actual, expected } = runRow({ identity, tenant, grant }, row);
    expect(actual).toEqual(expected);
  });

  it('says every sentence once', () => {
    expect(new Set(table.map(({ sentence }) => sentence)).size).toBe(table.length);
  });
});
