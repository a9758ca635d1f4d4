import { TABLES } from '../tables';
import { addColumn, type Migration } from './migration';

/** No name of the IANA time zone database is longer. */
const ZONE_LENGTH = 64;

/** Which zone a submission was scheduled in: its moment alone does not tell which clocks the author meant. */
export const sendZone: Migration = {
  name: '0010-send-zone',
  up: (tools) =>
    addColumn(tools, TABLES.submissions, 'send_zone', (table) => table.string('send_zone', ZONE_LENGTH).nullable()),
};
