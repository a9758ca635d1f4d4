import { Box } from '@strapi/design-system';
import { styled } from 'styled-components';

/**
 * Around a table: where there is no room for columns, the cells of a row stand below each other, without a head. A cell
 * that would not be understood so gets its column's name as `data-label`.
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
