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
  SavedMailbox,
  Submission,
  SubmissionState,
  SystemSenderRule,
  Tenant,
  Transport,
  Unavailable,
  Warning,
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

/** The part of Strapi that `mailboxes` uses; Strapi's own type is assignable. */
export interface StrapiWithPlugins {
  plugin: (name: string) => { service: (name: string) => unknown } | undefined;
}

/**
 * Returns the plugin's services with their types; `strapi.plugin('mailboxes').service(…)` returns `any`.
 *
 * @throws if the plugin is disabled or Strapi is not loaded yet
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
