import type { GroupVersionResource } from '@keelson/machinery';
import type { LoopbackClient } from '@keelson/server';
import { SystemObjects } from './system-objects.js';

const NAMESPACES: GroupVersionResource = { group: '', version: 'v1', resource: 'namespaces' };
const SYSTEM_NAMESPACES = ['default', 'kube-node-lease', 'kube-public', 'kube-system'].map((name) => ({ metadata: { name } }));

/** The namespaces that every cluster has. */
export class SystemNamespaces extends SystemObjects {
  constructor(client: LoopbackClient, onFailure: (error: unknown) => void) {
    super(client, NAMESPACES, SYSTEM_NAMESPACES, onFailure);
  }
}
