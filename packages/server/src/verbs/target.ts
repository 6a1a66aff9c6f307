import type { KubeObject } from '@keelson/machinery';
import type { RequestInfo } from '../filters/request-info.js';
import type { ResourceVersion } from '../resource/resource-version.js';
import type { SubresourceDefinition } from '../resource/subresource.js';

/** What a request is about, resolved at dispatch from what was registered. */
export interface Target {
  readonly version: ResourceVersion;
  readonly info: RequestInfo;
  /** Name of the subresource, '' for the resource itself. */
  readonly subresource: string;
  readonly definition: SubresourceDefinition<KubeObject> | undefined;
}

/** Key path of the object a request names. */
export function targetPath({ version, info }: Target): string {
  return version.resource.path(info.namespace, info.name);
}
