import { isZone } from '../../../../server/src/contracts/checks';

/** Time zone of this browser. */
export const browserZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Zones that the browser supports, with UTC and its own. */
export const knownZones = (): readonly string[] => [
  ...new Set([...Intl.supportedValuesOf('timeZone'), 'UTC', browserZone()]),
];

/** Returns the zone if the browser supports it, else the zone of the browser. */
export const knownZone = (zone: string | null | undefined): string => (zone && isZone(zone) ? zone : browserZone());
