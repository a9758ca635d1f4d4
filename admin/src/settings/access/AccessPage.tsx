import { Flex } from '@strapi/design-system';
import { Page } from '@strapi/strapi/admin';
import { RadioField } from '../../shared/ui/fields';
import { useText } from '../../shared/i18n/use-text';
import { useSections } from '../site/SectionNav';
import { SectionPage } from '../site/SectionPage';
import { useSite } from '../mailboxes/site';
import { ByMailbox } from './ByMailbox';
import { ByPerson } from './ByPerson';
import { useAccessParams } from './use-access-params';
import { TenantSwitch } from '../../shared/ui/TenantSwitch';

type Direction = 'person' | 'mailbox';

/** Access overview by person or by mailbox. */
const Overview = ({ mayRead, mayGrant }: { mayRead: boolean; mayGrant: boolean }) => {
  const t = useText();
  const { by, user, mailbox, tenant, part, change, onSearch } = useAccessParams();
  const site = useSite(tenant);
  const tenants = site.data?.meta.tenants ?? [];
  const here = tenant ?? site.data?.meta.tenant;
  const both = mayRead && mayGrant;
  const direction: Direction = mayGrant && (by !== 'mailbox' || !mayRead) ? 'person' : 'mailbox';
  if (site.isLoading) return <Page.Loading />;
  // Without `mailboxes.read` the list fails; the server then uses the default tenant.
  if (!site.data && mayRead) return <Page.Error />;
  const shared = { tenant: here, tenants, part, change, onSearch };
  const id = Number(user);
  return (
    <SectionPage title={t('overview.title')} subtitle={t('overview.subtitle')}>
      {both && (
        <RadioField<Direction>
          name="by"
          label="overview.by"
          value={direction}
          options={[
            { value: 'person', label: t('overview.by-person') },
            { value: 'mailbox', label: t('overview.by-mailbox') },
          ]}
          onChange={(next) => change({ by: next, q: '' })}
        />
      )}
      {tenants.length > 1 && here !== undefined && (
        <Flex>
          <TenantSwitch
            tenants={tenants}
            label="list.tenant"
            value={here}
            onChange={(next) => change({ tenant: next, q: '' })}
          />
        </Flex>
      )}
      {direction === 'person' ? (
        <ByPerson {...shared} user={Number.isSafeInteger(id) && id > 0 ? id : undefined} mayRead={mayRead} />
      ) : (
        <ByMailbox {...shared} mailbox={mailbox === '' ? undefined : mailbox} mayGrant={mayGrant} />
      )}
    </SectionPage>
  );
};

export const AccessPage = () => {
  const may = useSections();
  if (may.loading) return <Page.Loading />;
  if (!may.mailboxes && !may.grants) return <Page.NoPermissions />;
  return <Overview mayRead={may.mailboxes} mayGrant={may.grants} />;
};
