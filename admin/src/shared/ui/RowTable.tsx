import { Table, Tbody } from '@strapi/design-system';
import * as React from 'react';
import type { TextKey } from '../i18n/use-text';
import { StackedTable } from './StackedTable';
import { TableHead } from './TableHead';

/** Table with a row for each entry; a small screen stacks the cells of a row. */
export const RowTable = <T,>({
  columns,
  rows,
  label,
  children,
}: {
  columns: readonly TextKey[];
  rows: readonly T[];
  label?: string;
  /** Renders the `Tr` of an entry, with its key: the design system numbers rows and cells, which must not be wrapped. */
  children: (row: T) => React.ReactElement;
}) => (
  <StackedTable>
    <Table colCount={columns.length} rowCount={rows.length + 1} aria-label={label}>
      <TableHead columns={columns} />
      <Tbody>{rows.map(children)}</Tbody>
    </Table>
  </StackedTable>
);
