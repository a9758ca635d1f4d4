import type { Services } from './contracts/services';

export { isMailboxesError, type MailboxesError } from './contracts/refused';
export type {
  Actor,
  Because,
  DuplicatePolicy,
  Grant,
  Identity,
  IdentityId,
  IdentityList,
  Mailbox,
  OutcomeCode,
  OwnAddressRule,
  OwnAddressStatus,
  PauseCode,
  RecipientState,
  Submission,
  SubmissionState,
  SystemSenderRule,
  Tenant,
  Transport,
  Unavailable,
  WhoMayUseRow,
} from './contracts/answers';
export type { SubmissionEvent } from './contracts/events';
export type {
  EmailAddress,
  GrantInput,
  GrantsService,
  IdentitiesService,
  MailboxesService,
  MailboxInput,
  OwnAddressService,
  Services,
  SmtpSettings,
  SubmissionsService,
  SubmitInput,
  TenantInput,
  TenantsService,
} from './contracts/services';
export type { RefusalCode } from './domain/refusal';

/** What is asked of Strapi. Its own type fits. */
export interface StrapiWithPlugins {
  plugin: (name: string) => { service: (name: string) => unknown } | undefined;
}

/**
 * The plugin's services, with their types: what `strapi.plugin('mailboxes').service(…)` gives is `any`.
 *
 * @throws where the plugin is not there: disabled, or Strapi not loaded yet
 */
export const mailboxes = (strapi: StrapiWithPlugins): Services => {
  const plugin = strapi.plugin('mailboxes');
  if (!plugin) throw new Error('[mailboxes] the plugin is not there: it is disabled, or Strapi is not loaded yet');
  const service = <K extends keyof Services>(name: K): Services[K] => plugin.service(name) as Services[K];
  return {
    identities: service('identities'),
    submissions: service('submissions'),
    mailboxes: service('mailboxes'),
    grants: service('grants'),
    tenants: service('tenants'),
    'own-address': service('own-address'),
  };
};
