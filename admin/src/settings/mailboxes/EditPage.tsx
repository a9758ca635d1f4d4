import { Page } from '@strapi/strapi/admin';
import { useParams, useSearchParams } from 'react-router-dom';
import { useMailboxesGrantsQuery } from '../grants/api';
import { entryOf } from '../grants/entries';
import { useRefusalText } from '../../shared/refusals/use-refusal-text';
import { useMailboxesOneQuery } from './api';
import { Editor } from './Editor';
import { useSite } from './site';
import { useRights, type Rights } from '../site/use-rights';

const New = ({ rights }: { rights: Rights }) => {
  const refusal = useRefusalText();
  const [params] = useSearchParams();
  const site = useSite(params.get('tenant') ?? undefined);
  if (site.isLoading) return <Page.Loading />;
  if (!site.data) return <Page.Error content={refusal(site.error)} />;
  if (!rights.create) return <Page.NoPermissions />;
  return <Editor stored={null} storedGrants={[]} site={site.data.meta} rights={rights} />;
};

const Existing = ({ id, rights }: { id: string; rights: Rights }) => {
  const refusal = useRefusalText();
  const mailbox = useMailboxesOneQuery(id);
  const site = useSite(undefined);
  // Only an operator may read the grants of a global mailbox.
  const mayGrant = rights.grant && mailbox.data !== undefined && (!mailbox.data.global || rights.operate);
  const grants = useMailboxesGrantsQuery(id, { skip: !mayGrant });
  if (mailbox.isLoading || site.isLoading || grants.isLoading) return <Page.Loading />;
  const error = mailbox.error ?? grants.error;
  if (!mailbox.data || !site.data || error) return <Page.Error content={refusal(error ?? site.error)} />;
  return (
    <Editor
      key={id}
      stored={mailbox.data}
      storedGrants={(grants.data ?? []).map(entryOf)}
      site={site.data.meta}
      rights={rights}
    />
  );
};

export const EditPage = () => {
  const { id } = useParams();
  const { loading, ...rights } = useRights();
  if (loading) return <Page.Loading />;
  return id === undefined ? <New rights={rights} /> : <Existing id={id} rights={rights} />;
};
