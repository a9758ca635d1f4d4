import { Box, EmptyStateLayout, Flex, Loader, Typography } from '@strapi/design-system';
import { Mail } from '@strapi/icons';
import {} from '@strapi/strapi/admin';
import * as React from 'react';
import { Notice } from '../../shared/ui/Notice';
import { SearchBox, SearchField } from '../../shared/ui/SearchField';
import { useRefusalText } from '../../shared/refusals/use-refusal-text';
import { Pagination } from '../../shared/ui/Pagination';
import { useText, type TextKey } from '../../shared/i18n/use-text';
import type { Paged } from '../../shared/api/client';

interface Props {
  /** Result of RTK Query. */
  answer: { data?: Paged<unknown>; currentData?: Paged<unknown>; error?: unknown; isFetching: boolean };
  q: string;
  search: TextKey;
  onSearch: (q: string) => void;
  /** Text of an empty list without a search. */
  empty: string;
  /** Text of an error on this page; undefined: the general text. */
  explain?: (error: unknown) => string | undefined;
  children: React.ReactNode;
}

export const Nothing = ({ children }: { children: string }) => (
  <EmptyStateLayout icon={<Mail width="6rem" height="6rem" />} content={children} />
);

/** Searchable, paginated list with its empty, loading and error states. */
export const Results = ({ answer, q, search, onSearch, empty, explain, children }: Props) => {
  const t = useText();
  const refusal = useRefusalText();
  const shown = answer.currentData ?? (answer.error === undefined ? answer.data : undefined);
  if (answer.error !== undefined && !answer.isFetching) {
    const why = explain?.(answer.error);
    return why === undefined ? (
      <Notice kind="danger">{refusal(answer.error)}</Notice>
    ) : (
      <Notice kind="info">{why}</Notice>
    );
  }
  if (!shown) return <Loader>{t('access.loading')}</Loader>;
  const { pagination } = shown.meta;
  return (
    <Flex direction="column" alignItems="stretch" gap={4} aria-busy={answer.isFetching}>
      <Flex justifyContent="space-between" gap={4} wrap="wrap">
        <SearchBox>
          <SearchField q={q} label={search} onSearch={onSearch} />
        </SearchBox>
        <Typography variant="pi" textColor="neutral600" role="status">
          {t('overview.count', { count: pagination.total })}
        </Typography>
      </Flex>
      {pagination.total === 0 ? (
        <Nothing>{q === '' ? empty : t('list.nothing-found')}</Nothing>
      ) : (
        <Box>
          {children}
          <Pagination pagination={pagination} />
        </Box>
      )}
    </Flex>
  );
};
