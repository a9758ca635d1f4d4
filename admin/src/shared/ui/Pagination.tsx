import { Pagination as StrapiPagination } from '@strapi/strapi/admin';
import type { PageMeta } from '../api/client';

/** Below a list: how many a page shows, and the way to the others. Both stand in the address. */
export const Pagination = ({ pagination, pageSize = 25 }: { pagination: PageMeta; pageSize?: number }) => (
  <StrapiPagination.Root {...pagination} defaultPageSize={pageSize}>
    <StrapiPagination.PageSize />
    <StrapiPagination.Links />
  </StrapiPagination.Root>
);
