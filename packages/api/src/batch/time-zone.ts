import { timeZoneNames } from '@keelson/machinery';

const namePart = /^(?!-|\.{1,2}$)[A-Za-z.\-_0-9+]{1,14}$/;

/** What is wrong with the name of a time zone. `Local` is the zone that a machine is in. */
export function timeZoneProblems(name: string): string[] {
  if (name === '') return ['timeZone must be nil or non-empty string'];
  if (!name.split('/').every((part) => namePart.test(part))) return [unknownZone(name)];
  const problems =
    name.toLowerCase() === 'local' ? ['timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones'] : [];
  if (name.includes('..')) return [...problems, 'time: invalid location name'];
  return timeZoneNames.has(name) || name === 'Local' ? problems : [...problems, unknownZone(name)];
}

function unknownZone(name: string): string {
  return `unknown time zone ${name}`;
}
