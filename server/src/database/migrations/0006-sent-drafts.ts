import { TABLES } from '../tables';
import { addColumn, addIndex, type Migration } from './migration';

const ID_LENGTH = 64;

/** Links a submission to its draft, and a resent submission to the original. */
export const sentDrafts: Migration = {
  name: '0006-sent-drafts',
  up: async (tools) => {
    // Set while the draft is submitted: hidden and read-only.
    await addColumn(tools, TABLES.drafts, 'submission', (table) => table.string('submission', ID_LENGTH).nullable());
    await addColumn(tools, TABLES.submissions, 'draft', (table) => table.string('draft', ID_LENGTH).nullable());
    await addColumn(tools, TABLES.submissions, 'resent_from', (table) =>
      table.string('resent_from', ID_LENGTH).nullable()
    );
    await addIndex(tools, TABLES.drafts, { name: 'mailboxes_drafts_submission_index', columns: ['submission'] });
  },
};
