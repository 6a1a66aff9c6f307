import { timeZoneNames } from '@keelson/machinery';
import { expect, it } from 'vitest';
import { timeZoneProblems } from './time-zone.js';

it.each([
  ...['UTC', 'Etc/UTC', 'Etc/GMT+5', 'Europe/Berlin', 'America/Argentina/Buenos_Aires', 'EST', 'EST5EDT', 'W-SU'],
  ...['Australia/ACT', 'Australia/NSW', 'Australia/LHI', 'US/Pacific', 'Japan', 'Factory', 'Europe/Kiev', 'Europe/Kyiv', 'Asia/Calcutta'],
])('knows %s', (name) => {
  expect(timeZoneProblems(name)).toEqual([]);
});

it.each([
  ...['ETC/UTC', 'europe/berlin', 'utc', 'japan', 'Australia/Act', 'Europe/Nowhere', 'Mars/Base', 'America', 'America/', ' UTC'],
  ...['+01:00', '-0100', '+01', 'constructor', '/UTC', '\\UTC', 'Europe/../UTC', '..'],
  // Node knows these, from a time before the database.
  ...['CST', 'PST', 'JST', 'IST', 'ACT', 'AST', 'VST', 'BST', 'SystemV/PST8', 'US/Pacific-New'],
])('does not know %s', (name) => {
  expect(timeZoneProblems(name)).toEqual([`unknown time zone ${name}`]);
});

it.each(['a..b', 'Europe/x..'])('does not look for %s', (name) => {
  expect(timeZoneProblems(name)).toEqual(['time: invalid location name']);
});

it('wants a zone that is one everywhere', () => {
  const explicit = 'timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones';
  expect(timeZoneProblems('')).toEqual(['timeZone must be nil or non-empty string']);
  expect(timeZoneProblems('Local')).toEqual([explicit]);
  expect(timeZoneProblems('local')).toEqual([explicit, 'unknown time zone local']);
});

it('knows as many names as the database has', () => {
  expect(timeZoneNames.size).toBe(598);
});
