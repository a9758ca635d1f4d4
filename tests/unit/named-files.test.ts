import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const ROOT = path.resolve(__dirname, '../..');
const ROOMS = /`((?:server|admin|tests|scripts|docs|bench|playground)\/[^`\s*]+)`/g;
/** Written as in the room's own README: relative to server/src. */
const IN_SERVER = /`((?:submissions|outbox|message|smtp|domain|contracts)\/[^`\s*]+)`/g;

const documents = [
  'docs/architecture.md',
  'server/src/outbox/README.md',
  ...readdirSync(path.join(ROOT, 'docs/how-to')).map((name) => `docs/how-to/${name}`),
];

describe('files that documents for contributors name', () => {
  it.each(documents)('exist: %s', (document) => {
    const text = readFileSync(path.join(ROOT, document), 'utf8');
    const named = [
      ...[...text.matchAll(ROOMS)].map(([, file]) => String(file)),
      ...[...text.matchAll(IN_SERVER)].map(([, file]) => `server/src/${file}`),
    ];
    expect(named.length).toBeGreaterThan(3);
    expect(named.filter((file) => !existsSync(path.join(ROOT, file)))).toEqual([]);
  });
});
