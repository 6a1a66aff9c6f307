import { ApiError, type GroupVersionResource, type KubeObject } from '@keelson/machinery';
import type { core } from '@keelson/schema';
import type { LoopbackClient } from '@keelson/server';
import type { LoopSource } from '../object-loop.js';

const NAMESPACES = { group: '', version: 'v1', resource: 'namespaces' };

/** The namespaces that something is to be in, by name. */
export interface ActiveNamespaces {
  readonly source: LoopSource;
  /** False for those that are on their way out. */
  has(name: string): Promise<boolean>;
}

export function activeNamespaces(client: LoopbackClient): ActiveNamespaces {
  return {
    source: { resource: NAMESPACES, keysOf: ({ metadata }, gone) => (gone ? [] : [metadata.name ?? '']) },
    async has(name) {
      const found = (await client.get(NAMESPACES, '', name, { at: 'any' })) as core.v1.Namespace | undefined;
      return found?.status.phase === 'Active';
    },
  };
}

/** Creates an object unless it is there. A namespace that goes meanwhile needs nothing any more. */
export async function createInNamespace(client: LoopbackClient, resource: GroupVersionResource, object: KubeObject): Promise<void> {
  try {
    await client.ensure(resource, object);
  } catch (error) {
    if (!isGoing(error)) throw error;
  }
}

function isGoing(error: unknown): boolean {
  if (!(error instanceof ApiError)) return false;
  const { details } = error.status;
  return (
    details?.causes?.some(({ reason }) => reason === 'NamespaceTerminating') === true ||
    (error.reason === 'NotFound' && details?.kind === 'namespaces')
  );
}
