import type { OwnAddressStatus } from '../../../../server/src/contracts/answers';
import { api, dataOf } from '../../shared/api/client';

const ownAddressApi = api.injectEndpoints({
  endpoints: (build) => ({
    mailboxesRequestCode: build.mutation<OwnAddressStatus, void>({
      query: () => ({ url: '/mailboxes/own-address/confirmation', method: 'POST', data: {} }),
      transformResponse: dataOf<OwnAddressStatus>,
      invalidatesTags: ['MailboxesMe'],
    }),
    mailboxesConfirm: build.mutation<OwnAddressStatus, string>({
      query: (code) => ({ url: '/mailboxes/own-address/confirmation/verify', method: 'POST', data: { code } }),
      transformResponse: dataOf<OwnAddressStatus>,
      invalidatesTags: ['MailboxesMe', 'MailboxesIdentity'],
    }),
  }),
});

export const { useMailboxesRequestCodeMutation, useMailboxesConfirmMutation } = ownAddressApi;
