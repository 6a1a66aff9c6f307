import { systemPriorityClasses } from '@keelson/api';
import type { GroupVersionResource } from '@keelson/machinery';
import type { LoopbackClient } from '@keelson/server';
import { SystemObjects } from './system-objects.js';

const PRIORITY_CLASSES: GroupVersionResource = { group: 'scheduling.k8s.io', version: 'v1', resource: 'priorityclasses' };

/** The priority classes that every cluster has. */
export class SystemPriorityClasses extends SystemObjects {
  constructor(client: LoopbackClient, onFailure: (error: unknown) => void) {
    super(client, PRIORITY_CLASSES, systemPriorityClasses, onFailure);
  }
}
