import type { KubeObject } from '@keelson/machinery';
import type { ResourceVersion } from '../resource/resource-version.js';

/** One write, as ownership of fields sees it. Objects are in the request's version. */
export interface TrackedWrite {
  readonly version: ResourceVersion;
  /** Absent on create. */
  readonly old?: KubeObject;
  readonly new: KubeObject;
  readonly manager: string;
  readonly subresource: string;
  /** Field paths that this endpoint cannot write; nobody comes to own them through it. */
  readonly resetFields: readonly string[];
  /** RFC 3339, whole seconds. */
  readonly now: string;
}

/** Records who owns which field (KEP-555): sets `metadata.managedFields` of the new object, in place. */
export interface FieldTracker {
  track(write: TrackedWrite): void;
}
