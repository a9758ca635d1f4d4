import { Box, Typography } from '@strapi/design-system';

const MAX_LISTED = 3;

/**
 * The first of several lines below a field.
 *
 * @param more returns the last line, for the number of lines that are left out
 */
export const FirstLines = ({
  lines,
  more,
  colour,
  ...box
}: {
  lines: readonly string[];
  more: (count: number) => string;
  colour: 'danger600' | 'neutral600';
  id?: string;
  role?: 'status';
}) => {
  const rest = lines.length - MAX_LISTED;
  const shown = [...lines.slice(0, MAX_LISTED), ...(rest > 0 ? [more(rest)] : [])];
  return (
    <Box {...box}>
      {shown.map((line, index) => (
        <Typography key={index} tag="p" variant="pi" textColor={colour} style={{ overflowWrap: 'anywhere' }}>
          {line}
        </Typography>
      ))}
    </Box>
  );
};
