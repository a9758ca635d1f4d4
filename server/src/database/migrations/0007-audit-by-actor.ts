import { TABLES } from '../tables';
import { addIndex, type Migration } from './migration';

/** What an actor did in the last hour is counted at every submission: retries take places in the hour. */
export const auditByActor: Migration = {
  name: '0007-audit-by-actor',
  up: async (tools) => {
    await addIndex(tools, TABLES.audit, {
      name: 'mailboxes_audit_actor_index',
      columns: ['actor_user', 'action', 'at'],
    });
  },
};
