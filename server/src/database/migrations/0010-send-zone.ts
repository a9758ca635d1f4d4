import { TABLES } from '../tables';
import { addColumn, type Migration } from './migration';

/** The longest name of the IANA time zone database is shorter. */
const ZONE_LENGTH = 64;

/** Zone in which the author chose `send_at`, which is UTC. */
export const sendZone: Migration = {
  name: '0010-send-zone',
  up: (tools) =>
    addColumn(tools, TABLES.submissions, 'send_zone', (table) => table.string('send_zone', ZONE_LENGTH).nullable()),
};
