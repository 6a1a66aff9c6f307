import { expect, it } from 'vitest';
import { cronJobs } from './cron-jobs.js';

it.each([
  ['batch/v1', 'Background'],
  ['batch/v1beta1', 'Orphan'],
  ['batch/v2alpha1', 'Orphan'],
])('jobs of a cron job that is deleted in %s: %s', (apiVersion, policy) => {
  expect(cronJobs.definition.defaultPropagation?.({ apiVersion })).toBe(policy);
});
