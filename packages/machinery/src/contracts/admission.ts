import type { GroupVersionKind, GroupVersionResource } from '../meta/group-version.js';
import type { JsonObject, KubeObject } from '../meta/object.js';
import type { Labels } from '../selectors/requirement.js';
import type { UserInfo } from './authenticator.js';

/**
 * A resource, or a subresource of it, as one of its versions is served. There is one for all requests until other
 * versions are served: what is found out about it may be kept with it.
 */
export interface ServedVersion {
  readonly resource: GroupVersionResource;
  readonly subresource: string;
  readonly kind: GroupVersionKind;
  /** The same in other versions, and groups, in the order that these are served in. */
  readonly equivalents: readonly ServedVersion[];
  /** Labels of what clients see. */
  labels(hub: KubeObject): Labels | undefined;
  /** What clients of this version see of an object in the hub's shape, with apiVersion and kind. It is not changed: parts are shared. */
  view(hub: KubeObject): KubeObject;
  /** Makes `hub` what such a view says by now, in place and with defaults. Throws when it is not of the kind's form. */
  update(hub: KubeObject, view: JsonObject): void;
  /** Such a view with what an apply configuration names laid over it. Throws when that does not fit the kind. Neither is changed. */
  merge(view: JsonObject, configuration: JsonObject): JsonObject;
}

/** One write on its way to the store. */
export interface AdmissionAttributes {
  readonly operation: 'CREATE' | 'UPDATE' | 'DELETE' | 'CONNECT';
  /** What the request is about, as the client named it. */
  readonly served: ServedVersion;
  /** Of `served`, like the next two. */
  readonly kind: GroupVersionKind;
  readonly resource: GroupVersionResource;
  readonly subresource: string;
  /** Of a namespace itself: its name. */
  readonly namespace: string;
  /** May still be empty while mutating, when the name will be generated. */
  readonly name: string;
  readonly user: UserInfo;
  readonly dryRun: boolean;
  /**
   * New state in the hub's shape, also where the request is about a part of it; mutating plugins change it in place.
   * On CONNECT the options of the connection (PodExecOptions …), which have no metadata. Absent on DELETE.
   */
  readonly object?: KubeObject | undefined;
  /** Old state on UPDATE and DELETE, likewise; never changed. */
  readonly oldObject?: KubeObject | undefined;
  /** CreateOptions, UpdateOptions or DeleteOptions, as the operation has it. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Aborted when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
  /** When that is at the latest, by `performance.now()`; perhaps never. */
  readonly deadlineAtMs: number;
  /** Adds a Warning header to the response. */
  warn(text: string): void;
  /**
   * Adds to the annotations of the request's audit events; a key's first value stays. `Request`: only to those of
   * events that show the request's body.
   */
  annotate(key: string, value: string, level?: 'Metadata' | 'Request'): void;
  /** How often all mutating plugins were asked before: 0, or 1 where one of them had reason to `reinvoke`. */
  readonly round: number;
  /** Has all mutating plugins asked once more, after something was changed that others may have looked at. */
  reinvoke(): void;
}

/** Refuses a write by throwing `ApiError`. `admit` may change the object; `validate` sees the final one. */
export interface AdmissionPlugin {
  readonly name: string;
  /** All resources that it has to do with, as `ingresses.networking.k8s.io`; others go by without it. Absent: every one. */
  readonly resources?: readonly string[];
  handles(operation: AdmissionAttributes['operation']): boolean;
  admit?(attributes: AdmissionAttributes): Promise<void> | void;
  validate?(attributes: AdmissionAttributes): Promise<void> | void;
}
