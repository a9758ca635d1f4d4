import { text } from '../parse';

const FILE_NAME = /^(?!\.{1,2}$)[^/\\\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]+$/u;
const NOT_IN_FILE_NAMES = /[/\\\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;
const FILE_NAME_MAX = 255;
const EXTENSION_MAX = 20;

/** Tests for a file name that a header can carry: one line, no folder. */
export const isFileName = (name: string): boolean => name.length <= FILE_NAME_MAX && FILE_NAME.test(name);

/** Cuts without splitting a surrogate pair. */
const cut = (name: string, length: number): string => name.slice(0, length).replace(/[\ud800-\udbff]$/, '');

/** Makes a valid file name of any text: replaces each forbidden character and cuts a long name. */
export const asFileName = (name: string): string => {
  const clean = name.replace(NOT_IN_FILE_NAMES, '_');
  if (clean === '') return 'attachment';
  if (/^\.{1,2}$/.test(clean)) return '_'.repeat(clean.length);
  const dot = clean.lastIndexOf('.');
  const extension = dot > 0 && clean.length - dot <= EXTENSION_MAX ? clean.slice(dot) : '';
  return clean.length <= FILE_NAME_MAX ? clean : cut(clean, FILE_NAME_MAX - extension.length) + extension;
};

export const fileName = () => text(FILE_NAME_MAX).min(1).matches(FILE_NAME, 'is not a file name');
