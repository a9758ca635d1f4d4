import { readFileSync } from 'node:fs';

const FILES = ['menu.', 'widget.', 'shared.', 'communication.', 'settings.'];

const read = (file) =>
  JSON.parse(readFileSync(new URL(`../admin/src/translations/${file}.json`, import.meta.url), 'utf8'));

/** Texts of the interface by key. */
export const textsOf = (language) => Object.assign({}, ...FILES.map((file) => read(file + language)));
