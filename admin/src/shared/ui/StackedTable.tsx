import { Box } from '@strapi/design-system';
import { styled } from 'styled-components';

/**
 * Wraps a table. A small screen stacks the cells of a row and hides the head; a cell that needs its column's name there
 * carries it as `data-label`.
 */
export const StackedTable = styled(Box)`
  @media (max-width: 767px) {
    thead {
      display: none;
    }

    tbody,
    tr,
    td {
      display: block;
    }

    tr {
      padding-block: 1.2rem;
    }

    td[data-label]::before {
      content: attr(data-label) ': ';
      color: ${({ theme }) => theme.colors.neutral600};
      font-size: ${({ theme }) => theme.fontSizes[1]};
    }

    td[data-label] > * {
      display: inline;
    }

    tbody td,
    tbody td:first-of-type {
      height: auto;
      padding: 0.2rem 0;
      white-space: normal;
    }
  }
`;
