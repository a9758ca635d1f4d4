export { parseReschedule, parseResend, rescheduleSchema, resendSchema, settleSchema } from './actions';
export { asFileName, isFileName } from './file-name';
export { ADDRESS_ITEMS, isRawAddress, unknownItemKey } from './recipients';
export { readRequest, withIdempotencyKey } from './request';
export { identityCheckSchema, identityId, signatureSchema } from './sender';
export {
  ATTACHMENT_KEYS,
  parsePreview,
  parseSubmit,
  submitSchema,
  type SubmitLimits,
  type SubmitRequest,
} from './submit';
