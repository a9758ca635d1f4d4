import { Box, Button, Flex } from '@strapi/design-system';
import { ArrowLeft, ArrowRight } from '@strapi/icons';
import type { PageMeta } from '../../shared/api/client';
import { useText } from '../../shared/i18n/use-text';
import { Pagination } from '../../shared/ui/Pagination';
import type { useFilters } from './use-filters';

/** Default page size; one that Strapi's pagination offers. */
export const PAGE_SIZE = 20;

interface Props {
  pagination: PageMeta;
  filtering: Pick<ReturnType<typeof useFilters>, 'params' | 'toAfter'>;
}

/** Numbered pages, and beyond the counted ones a way to the older submissions and back. */
export const Pages = ({ pagination, filtering: { params, toAfter } }: Props) => {
  const t = useText();
  const { page, pageCount, next = null } = pagination;
  const isNumbered = !params.has('after');
  return (
    <Box>
      {isNumbered && <Pagination pagination={pagination} pageSize={PAGE_SIZE} />}
      <Flex gap={2} justifyContent="flex-end">
        {!isNumbered && (
          <Button variant="tertiary" startIcon={<ArrowLeft />} onClick={() => toAfter('')}>
            {t('submissions.newest')}
          </Button>
        )}
        {next !== null && (!isNumbered || page >= pageCount) && (
          <Button variant="tertiary" endIcon={<ArrowRight />} onClick={() => toAfter(next)}>
            {t('submissions.older')}
          </Button>
        )}
      </Flex>
    </Box>
  );
};
