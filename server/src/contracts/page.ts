import type { Page } from './query';

/** Answer of a list that may be too long to be counted. */
export interface Further {
  /** `total` and `pageCount` are lower bounds. */
  atLeast: boolean;
  /** `after` of the next page; null: this page is the last. */
  next: string | null;
}

/** Returns `meta` with Strapi's `pagination`. */
export const pagination = ({ page, pageSize }: Page, total: number, further: Partial<Further> = {}) => ({
  pagination: { page, pageSize, pageCount: Math.ceil(total / pageSize), total, ...further },
});

export const offsetOf = ({ page, pageSize }: Page): number => (page - 1) * pageSize;

/** Returns one page of a list in memory. */
export const pageOf = <T>(rows: readonly T[], page: Page): T[] =>
  rows.slice(offsetOf(page), offsetOf(page) + page.pageSize);
