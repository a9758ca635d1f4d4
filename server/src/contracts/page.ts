import type { Page } from './query';

/** Returns `meta` with Strapi's `pagination`. */
export const pagination = ({ page, pageSize }: Page, total: number) => ({
  pagination: { page, pageSize, pageCount: Math.ceil(total / pageSize), total },
});

export const offsetOf = ({ page, pageSize }: Page): number => (page - 1) * pageSize;

/** Returns one page of a list in memory. */
export const pageOf = <T>(rows: readonly T[], page: Page): T[] =>
  rows.slice(offsetOf(page), offsetOf(page) + page.pageSize);
