import { badRequest, type KubeObject, pathSegmentName, quote } from '@keelson/machinery';
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

/** Key path of the object a request names; throws for a name that cannot be part of one. */
export function targetPath({ version, info }: Target): string {
  const { namespace, name } = info;
  if (name.startsWith('.') || name.includes('%')) checkSegment(name);
  return version.resource.path(namespace, name);
}

function checkSegment(name: string): void {
  const problems = pathSegmentName(name);
  if (problems.length > 0) throw badRequest(`Name parameter invalid: ${quote(name)}: ${problems.join(';')}`);
}

/** What is asked of one object names it. */
export function checkNamed({ info }: Target): void {
  if (info.name === '') throw badRequest('name must be provided');
}

/** Whether an object is as good as absent to the request. */
export function isHidden({ uninitialized }: Target, object: StoredObject): boolean {
  return uninitialized === 'hidden' && isUninitialized(object);
}
