import * as yup from 'yup';

/** Eight characters of this alphabet: none that is mistaken for another (rules §5). */
export const CODE_ALPHABET = '23456789ABCDEFGHJKMNPQRSTVWXYZ';
export const CODE_LENGTH = 8;

export const confirmSchema = yup.object({ code: yup.string().strict().max(255).required() });

/** As a person types it: case, spaces and hyphens do not matter. */
export const normaliseCode = (code: string): string => code.toUpperCase().replace(/[\s-]/g, '');
