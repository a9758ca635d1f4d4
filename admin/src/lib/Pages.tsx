import { Pagination as StrapiPagination } from '@strapi/strapi/admin';
import type { Pagination } from './api';

/** Below a list: how many a page shows, and the way to the others. Both stand in the address. */
export const Pages = ({ pagination, pageSize = 25 }: { pagination: Pagination; pageSize?: number }) => (
  <StrapiPagination.Root {...pagination} defaultPageSize={pageSize}>
    <StrapiPagination.PageSize />
    <StrapiPagination.Links />
  </StrapiPagination.Root>
);
