import { expect, it } from 'vitest';
import { timeZoneProblem } from './time-zone.js';

it.each(['UTC', 'Etc/UTC', 'Etc/GMT+5', 'Europe/Berlin', 'America/Argentina/Buenos_Aires', 'US/Pacific', 'Japan', 'EST5EDT'])(
  'knows %s',
  (name) => {
    expect(timeZoneProblem(name)).toBeUndefined();
  },
);

it.each(['ETC/UTC', 'europe/berlin', 'Europe/Nowhere', 'japan', '+01:00', '-0100', '+01', 'Mars/Base'])('does not know %s', (name) => {
  expect(timeZoneProblem(name)).toBe(`unknown time zone ${name}`);
});

it('wants a zone that is one everywhere', () => {
  expect(timeZoneProblem('')).toBe('timeZone must be nil or non-empty string');
  expect(timeZoneProblem('Local')).toBe('timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones');
});
