import { createDraftsService } from '../drafts/service';
import { createPickers } from '../grants/pickers';
import { createSignatures } from '../mailboxes/signature';
import { createSiteStatus } from '../mailboxes/site-status';
import { cleanSignature } from '../message/clean-signature';
import { textOf } from '../message/plain-text';
import { createRolePermissions } from '../strapi/role-permissions';
import type { Identities } from './identities';
import type { Technique } from './technique';

/** Builds what only the admin panel uses: drafts, signatures, pickers and the status of the installation. */
export function createPanel({ strapi, settings, newId }: Technique, { system, identities }: Identities) {
  const rolePermissions = createRolePermissions(strapi);
  return {
    rolePermissions,
    drafts: createDraftsService({
      strapi,
      identities,
      messageBytes: settings.limits.messageBytes,
      bytesPerUser: settings.limits.draftBytesPerUser,
      newId,
    }),
    pickers: createPickers(strapi, identities),
    signatureOf: createSignatures({ strapi, identities, html: { clean: cleanSignature, textOf } }),
    ...createSiteStatus({ identities, system, rolePermissions }),
  };
}
