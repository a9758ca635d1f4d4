import * as React from 'react';
import type { Identity } from '../../../../server/src/contracts/answers';
import { shownAddress, written } from './shown-address';
import { useText } from './use-text';

export interface IdentityText {
  /** Name and address. */
  who: string;
  /** Transport, and its pause if it is paused. */
  how: string;
}

/** Returns the text of an identity in a drop-down. */
export const useIdentityText = () => {
  const t = useText();
  return React.useCallback(
    ({ name, email, source, transport, paused }: Identity): IdentityText => {
      const nameless = shownAddress(email) || t(source === 'system' ? 'identity.system' : 'identity.own');
      const through =
        transport.kind === 'mailbox' ? t('identity.through', { name: transport.name }) : t('identity.through-system');
      return {
        who: name && email ? written({ name, email }) : nameless,
        how: paused ? `${through} · ${t(`until.${paused.code}`)}` : through,
      };
    },
    [t]
  );
};
