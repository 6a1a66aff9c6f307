import { expect, it } from 'vitest';
import { timeZoneProblem } from './time-zone.js';
import { timeZoneNames } from './time-zone-names.js';

it.each([
  ...['UTC', 'Etc/UTC', 'Etc/GMT+5', 'Europe/Berlin', 'America/Argentina/Buenos_Aires', 'EST', 'EST5EDT', 'W-SU'],
  ...['Australia/ACT', 'Australia/NSW', 'Australia/LHI', 'US/Pacific', 'Japan', 'Factory', 'Europe/Kiev', 'Europe/Kyiv', 'Asia/Calcutta'],
])('knows %s', (name) => {
  expect(timeZoneProblem(name)).toBeUndefined();
});

it.each([
  ...['ETC/UTC', 'europe/berlin', 'utc', 'japan', 'Australia/Act', 'Europe/Nowhere', 'Mars/Base', 'America', 'America/', ' UTC'],
  ...['+01:00', '-0100', '+01', 'constructor'],
  // Node knows these, from a time before the database.
  ...['CST', 'PST', 'JST', 'IST', 'ACT', 'AST', 'VST', 'BST', 'SystemV/PST8', 'US/Pacific-New'],
])('does not know %s', (name) => {
  expect(timeZoneProblem(name)).toBe(`unknown time zone ${name}`);
});

it.each(['/UTC', '\\UTC', 'Europe/../UTC', '..'])('takes no path: %s', (name) => {
  expect(timeZoneProblem(name)).toBe('time: invalid location name');
});

it('wants a zone that is one everywhere', () => {
  expect(timeZoneProblem('')).toBe('timeZone must be nil or non-empty string');
  for (const name of ['Local', 'local']) {
    expect(timeZoneProblem(name)).toBe('timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones');
  }
});

it('knows as many names as the database has', () => {
  expect(timeZoneNames.size).toBe(598);
});
