import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

// The sources of the tests are TypeScript.
require('../../tests/support/typescript.cjs');

export const { startMailServer } = require('../../tests/support/smtp/mail-server.ts');
export const { makeCertificates } = require('../../tests/support/smtp/certificates.ts');
