import * as yup from 'yup';

/** No characters that are easily confused (rules §5). */
export const CODE_ALPHABET = '23456789ABCDEFGHJKMNPQRSTVWXYZ';
export const CODE_LENGTH = 8;

export const confirmSchema = yup.object({ code: yup.string().strict().max(255).required() });

/** Removes spaces and hyphens, and converts to upper case. */
export const normaliseCode = (code: string): string => code.toUpperCase().replace(/[\s-]/g, '');
