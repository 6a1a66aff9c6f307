import type { KubeObject } from '@keelson/machinery';
import type { KindSchema } from '@keelson/schema';
import type { StoredObject } from '@keelson/storage';
import type { RequestInfo } from '../filters/request-info.js';
import { isUninitialized } from '../initializers/is-uninitialized.js';
import type { ResourceVersion } from '../resource/resource-version.js';
import type { SubresourceDefinition } from '../resource/subresource.js';

/** What a request is about, resolved at dispatch from what was registered. */
export interface Target {
  readonly version: ResourceVersion;
  readonly info: RequestInfo;
  /** Name of the subresource, '' for the resource itself. */
  readonly subresource: string;
  readonly definition: SubresourceDefinition<KubeObject> | undefined;
  /** What becomes of objects that wait for initializers: there are none, or the request does not see them, or it does. */
  readonly uninitialized: 'absent' | 'hidden' | 'shown';
}

/** Kind of the answers: that of the subresource where it has one of its own. */
export function answeredKind({ version, definition }: Target): KindSchema {
  return (definition?.type === 'part' ? definition.kind : undefined) ?? version.schema;
}

/** Key path of the object a request names. */
export function targetPath({ version, info }: Target): string {
  return version.resource.path(info.namespace, info.name);
}

/** Whether an object is as good as absent to the request. */
export function isHidden({ uninitialized }: Target, object: StoredObject): boolean {
  return uninitialized === 'hidden' && isUninitialized(object);
}
