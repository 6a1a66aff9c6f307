import { defineGroup } from '@keelson/server';
import { cronJobs } from './cron-jobs.js';
import { jobs } from './jobs.js';

export const batchGroup = defineGroup({
  group: 'batch',
  priority: 17400,
  versions: [
    { version: 'v1', priority: 15, enabledByDefault: true },
    { version: 'v1beta1', priority: 9, enabledByDefault: false, removed: true },
    { version: 'v2alpha1', priority: 9, enabledByDefault: false, removed: true },
  ],
  resources: [cronJobs, jobs],
});
