import { expect, it } from 'vitest';
import { cronScheduleProblem } from './cron-schedule.js';

it.each([
  '* * * * *',
  '*/5 0-6/2 1,15 jan-MAR sun',
  '0 0 1 1 ?',
  '@daily',
  '@every 1h30m',
  'TZ=Europe/Berlin 0 3 * * *',
  'CRON_TZ=UTC @hourly',
])('takes %s', (schedule) => {
  expect(cronScheduleProblem(schedule)).toBeUndefined();
});

it.each([
  ['Not Valid!', 'expected exactly 5 fields, found 2: [Not Valid!]'],
  ['* * * * * *', 'expected exactly 5 fields, found 6: [* * * * * *]'],
  ['60 * * * *', 'end of range (60) above maximum (59): 60'],
  ['* * 0 * *', 'beginning of range (0) below minimum (1): 0'],
  ['5-1 * * * *', 'beginning of range (5) beyond end of range (1): 5-1'],
  ['*/0 * * * *', 'step of range should be a positive number: */0'],
  ['1-2-3 * * * *', 'too many hyphens: 1-2-3'],
  ['*/1/2 * * * *', 'too many slashes: */1/2'],
  ['x * * * *', 'failed to parse int from x: strconv.Atoi: parsing "x": invalid syntax'],
  ['* * * * fun', 'failed to parse int from fun: strconv.Atoi: parsing "fun": invalid syntax'],
  ['@sometimes', 'unrecognized descriptor: @sometimes'],
  ['@every 5', 'failed to parse duration @every 5: time: missing unit in duration "5"'],
  ['@every day', 'failed to parse duration @every day: time: invalid duration "day"'],
])('tells what is wrong with %s', (schedule, problem) => {
  expect(cronScheduleProblem(schedule)).toBe(problem);
});
