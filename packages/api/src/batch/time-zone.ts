import { timeZoneNames } from './time-zone-names.js';

/** What is wrong with the name of a time zone; undefined when nothing is. */
export function timeZoneProblem(name: string): string | undefined {
  if (name === '') return 'timeZone must be nil or non-empty string';
  if (name.toLowerCase() === 'local') return 'timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones';
  if (/^[/\\]|\.\./.test(name)) return 'time: invalid location name';
  return timeZoneNames.has(name) ? undefined : `unknown time zone ${name}`;
}
