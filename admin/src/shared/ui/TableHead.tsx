import { Th, Thead, Tr, Typography } from '@strapi/design-system';
import { useText, type TextKey } from '../i18n/use-text';

/** Head of a table with the given column labels. */
export const TableHead = ({ columns }: { columns: readonly TextKey[] }) => {
  const t = useText();
  return (
    <Thead>
      <Tr>
        {columns.map((key) => (
          <Th key={key}>
            <Typography variant="sigma">{t(key)}</Typography>
          </Th>
        ))}
      </Tr>
    </Thead>
  );
};
