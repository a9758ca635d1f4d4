import { useQueryParams } from '@strapi/strapi/admin';
import * as React from 'react';
import type { Part } from '../grants/who-may-use-api';

type Key = 'by' | 'user' | 'mailbox' | 'tenant' | 'q' | 'page' | 'pageSize';

/** Parameters of the page, kept in the URL so that links, reloads and the back button work. */
export const useAccessParams = () => {
  const [{ query }, setQuery] = useQueryParams<Partial<Record<Key, string>>>();
  const { q = '', page, pageSize } = query;
  const part: Part = { page: Number(page ?? 1), pageSize: Number(pageSize ?? 25), q };
  const change = React.useCallback(
    (next: Partial<Record<Key, string>>) => setQuery({ page: '1', ...next }, 'push', true),
    [setQuery]
  );
  const onSearch = React.useCallback((next: string) => change({ q: encodeURIComponent(next) }), [change]);
  return { ...query, part, change, onSearch };
};

export type ChangeParams = ReturnType<typeof useAccessParams>['change'];
