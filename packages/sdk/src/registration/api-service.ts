import type { JsonObject } from '@keelson/machinery';
import type { ServiceReference } from './service-reference.js';

export interface ServedGroup {
  readonly group: string;
  /** The preferred one first. */
  readonly versions: readonly string[];
}

/** Where groups stand among each other; that of custom resources is the same. */
const GROUP_PRIORITY = 1000;
const FIRST_VERSION_PRIORITY = 100;

/** The APIServices of a group, as they are applied. `caBundle`: PEM. */
export function apiServices(
  { group, versions }: ServedGroup,
  service: ServiceReference & { readonly port: number },
  caBundle: string,
): JsonObject[] {
  return versions.map((version, at) => ({
    apiVersion: 'apiregistration.k8s.io/v1',
    kind: 'APIService',
    metadata: { name: `${version}.${group}` },
    spec: {
      group,
      version,
      groupPriorityMinimum: GROUP_PRIORITY,
      versionPriority: Math.max(1, FIRST_VERSION_PRIORITY - at),
      service: { namespace: service.namespace, name: service.name, port: service.port },
      caBundle: Buffer.from(caBundle).toString('base64'),
    },
  }));
}
