import { Grid } from '@strapi/design-system';
import type * as React from 'react';
import type { IdentityList, OwnAddressStatus } from '../../../server/src/contracts/answers';
import { IdentityField } from './IdentityField';
import { ConfirmAddress } from './own-address/ConfirmAddress';
import { Unavailable } from './Unavailable';
import type { ComposeFormState } from './use-compose-form';

interface Props {
  form: ComposeFormState;
  list: IdentityList;
  own: OwnAddressStatus;
}

const Half = ({ children }: { children: React.ReactNode }) => (
  <Grid.Item col={6} s={12} xs={12} direction="column" alignItems="stretch">
    {children}
  </Grid.Item>
);

/** From and Reply-To, with the reasons why identities are unavailable. */
export const SenderFields = ({ form, list, own }: Props) => {
  const { from, replyTo, change, error, focus } = form;
  const unconfirmed = list.unavailable.some(({ code }) => code === 'OWN_ADDRESS_UNCONFIRMED');
  return (
    <>
      <Grid.Root gap={4}>
        <Half>
          <IdentityField
            name="from"
            label="compose.from"
            list={list}
            choice={from}
            onChange={(id) => change({ from: id ?? undefined })}
            error={error('from')}
          />
        </Half>
        <Half>
          <IdentityField
            name="replyTo"
            label="compose.reply-to"
            list={list}
            choice={replyTo}
            onChange={(id) => change({ replyTo: id })}
            error={error('replyTo')}
          />
        </Half>
      </Grid.Root>
      {unconfirmed && <ConfirmAddress own={own} onDone={() => focus.goTo('from')} />}
      <Unavailable list={list} />
    </>
  );
};
