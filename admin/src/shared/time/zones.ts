import { isZone } from '../../../../server/src/contracts/checks';

/** Time zone of this browser. */
export const browserZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Every zone that this browser knows, in alphabetical order. */
export const knownZones = (): readonly string[] => [
  ...new Set([...Intl.supportedValuesOf('timeZone'), 'UTC', browserZone()]),
];

/** The zone that was named, as far as this browser knows it; else this browser's own. */
export const knownZone = (zone: string | null | undefined): string => (zone && isZone(zone) ? zone : browserZone());
