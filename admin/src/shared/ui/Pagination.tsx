import { Pagination as StrapiPagination } from '@strapi/strapi/admin';
import type { PageMeta } from '../api/client';

/** Pagination. Page and page size live in the URL. */
export const Pagination = ({ pagination, pageSize = 25 }: { pagination: PageMeta; pageSize?: number }) => (
  <StrapiPagination.Root {...pagination} defaultPageSize={pageSize}>
    <StrapiPagination.PageSize />
    <StrapiPagination.Links />
  </StrapiPagination.Root>
);
