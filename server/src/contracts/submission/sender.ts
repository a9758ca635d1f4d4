import * as yup from 'yup';
import type { IdentityId } from '../../domain/identity';
import { IDENTITY_ID } from '../../domain/identity-id';
import { tenantRef } from '../parse';

export const identityId = () => yup.string<IdentityId>().strict().matches(IDENTITY_ID, 'is not an identity id');

export const identityCheckSchema = yup.object({
  tenant: tenantRef(),
  from: identityId().required(),
  replyTo: identityId(),
});

/** `from`: the identity whose signature is read. */
export const signatureSchema = yup.object({ from: identityId().required() });
