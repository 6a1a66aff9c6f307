import { defineGroup } from '@keelson/server';
import { controllerRevisions } from './controller-revisions.js';
import { daemonSets } from './daemon-sets.js';
import { deployments } from './deployments.js';
import { replicaSets } from './replica-sets.js';
import { statefulSets } from './stateful-sets.js';

export const appsGroup = defineGroup({
  group: 'apps',
  priority: 17800,
  versions: [
    { version: 'v1', priority: 15, enabledByDefault: true },
    { version: 'v1beta2', priority: 9, enabledByDefault: false, removed: true },
    { version: 'v1beta1', priority: 1, enabledByDefault: false, removed: true },
  ],
  resources: [controllerRevisions, daemonSets, deployments, replicaSets, statefulSets],
});
