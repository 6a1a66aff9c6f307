import { defineGroup } from '@keelson/server';
import { controllerRevisions } from './controller-revisions.js';
import { daemonSets } from './daemon-sets.js';
import { deployments } from './deployments.js';
import { replicaSets } from './replica-sets.js';
import { statefulSets } from './stateful-sets.js';

export const appsGroup = defineGroup({
  group: 'apps',
  priority: 17800,
  versions: [{ version: 'v1', priority: 15, enabledByDefault: true }],
  resources: [controllerRevisions, daemonSets, deployments, replicaSets, statefulSets],
});
