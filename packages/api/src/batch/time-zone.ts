import { timeZoneNames } from './time-zone-names.js';

/** What is wrong with the name of a time zone. `Local` is the zone that a machine is in. */
export function timeZoneProblems(name: string): string[] {
  if (name === '') return ['timeZone must be nil or non-empty string'];
  const unknown = timeZoneNames.has(name) || name === 'Local' ? [] : [`unknown time zone ${name}`];
  if (name.toLowerCase() !== 'local') return unknown;
  return ['timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones', ...unknown];
}
