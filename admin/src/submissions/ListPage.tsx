import { Box, EmptyStateLayout, Table, Tbody, Td, Tr, Typography } from '@strapi/design-system';
import { Mail } from '@strapi/icons';
import { BackButton, Layouts, Page, Pagination, useQueryParams } from '@strapi/strapi/admin';
import * as React from 'react';
import { NavLink } from 'react-router-dom';
import type { SubmissionState } from '../../../server/src/contracts/answers';
import { useMailboxesSubmissionsQuery } from '../compose/api';
import { TableHead } from '../lib/TableHead';
import { useText, type TextKey } from '../lib/use-text';
import { StateLabel } from './StateLabel';

const COLUMNS: readonly TextKey[] = [
  'submissions.subject',
  'submissions.from',
  'submissions.recipients',
  'submissions.created',
  'submissions.state',
];
const MOVING: readonly SubmissionState[] = ['held', 'queued', 'submitting'];
const REFRESH_MS = 3000;

/** What this editor has sent, or, with the right to read the log, everybody in the tenant. */
export const ListPage = () => {
  const t = useText();
  const [{ query }] = useQueryParams<{ page?: string }>();
  const page = Number(query.page ?? 1);
  const [moving, setMoving] = React.useState(false);
  const { data, isLoading, isError } = useMailboxesSubmissionsQuery(
    { page },
    { pollingInterval: moving ? REFRESH_MS : 0, refetchOnMountOrArgChange: true }
  );
  React.useEffect(() => setMoving(data?.data.some(({ state }) => MOVING.includes(state)) ?? false), [data]);

  if (isLoading) return <Page.Loading />;
  if (isError || !data) return <Page.Error />;
  return (
    <Page.Main>
      <Page.Title>{t('submissions.title')}</Page.Title>
      <Layouts.Header title={t('submissions.title')} navigationAction={<BackButton fallback=".." />} />
      <Layouts.Content>
        {data.data.length === 0 ? (
          <EmptyStateLayout icon={<Mail width="6rem" height="6rem" />} content={t('submissions.empty')} />
        ) : (
          <Box paddingBottom={8}>
            <Table colCount={COLUMNS.length} rowCount={data.data.length + 1}>
              <TableHead columns={COLUMNS} />
              <Tbody>
                {data.data.map(({ id, subject, from, recipients, createdAt, state }) => (
                  <Tr key={id}>
                    <Td>
                      <Typography tag={NavLink} to={id} textColor="primary600" fontWeight="semiBold">
                        {subject || t('submissions.no-subject')}
                      </Typography>
                    </Td>
                    <Td>
                      <Typography>{from.name ?? from.email}</Typography>
                    </Td>
                    <Td>
                      <Typography>{recipients.length}</Typography>
                    </Td>
                    <Td>
                      <Typography>{new Date(createdAt).toLocaleString()}</Typography>
                    </Td>
                    <Td>
                      <StateLabel state={state} />
                    </Td>
                  </Tr>
                ))}
              </Tbody>
            </Table>
            <Pagination.Root {...data.meta.pagination}>
              <Pagination.PageSize />
              <Pagination.Links />
            </Pagination.Root>
          </Box>
        )}
      </Layouts.Content>
    </Page.Main>
  );
};
