import { TABLES } from '../tables';
import { addIndex, type Migration } from './migration';

/** Index for the hourly limit, which counts an actor's retries at every submission. */
export const auditByActor: Migration = {
  name: '0007-audit-by-actor',
  up: async (tools) => {
    await addIndex(tools, TABLES.audit, {
      name: 'mailboxes_audit_actor_index',
      columns: ['actor_user', 'action', 'at'],
    });
  },
};
