import { TABLES } from '../tables';
import { addIndex, type Migration } from './migration';

/** Finds the circuit that closes next without reading every transport. */
export const circuits: Migration = {
  name: '0011-circuits',
  up: (tools) =>
    addIndex(tools, TABLES.transports, { name: 'mailboxes_transports_circuit_index', columns: ['circuit_until'] }),
};
