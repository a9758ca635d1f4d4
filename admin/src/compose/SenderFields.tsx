import { Grid } from '@strapi/design-system';
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

/** From and Reply-To, with the reasons why identities are unavailable. */
export const SenderFields = ({ form, list, own }: Props) => {
  const { from, replyTo, change, error, focus } = form;
  const unconfirmed = list.unavailable.some(({ code }) => code === 'OWN_ADDRESS_UNCONFIRMED');
  return (
    <>
      <Grid.Root gap={4}>
        <Grid.Item col={6} s={12} xs={12} direction="column" alignItems="stretch">
          <IdentityField
            name="from"
            label="compose.from"
            list={list}
            choice={from}
            onChange={(id) => change({ from: id ?? undefined })}
            error={error('from')}
          />
        </Grid.Item>
        <Grid.Item col={6} s={12} xs={12} direction="column" alignItems="stretch">
          <IdentityField
            name="replyTo"
            label="compose.reply-to"
            list={list}
            choice={replyTo}
            onChange={(id) => change({ replyTo: id })}
            error={error('replyTo')}
          />
        </Grid.Item>
      </Grid.Root>
      {unconfirmed && <ConfirmAddress own={own} onDone={() => focus.goTo('from')} />}
      <Unavailable list={list} />
    </>
  );
};
