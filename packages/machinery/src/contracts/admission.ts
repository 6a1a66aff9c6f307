import type { GroupVersionKind, GroupVersionResource } from '../meta/group-version.js';
import type { KubeObject } from '../meta/object.js';
import type { UserInfo } from './authenticator.js';

/** One write on its way to the store. */
export interface AdmissionAttributes {
  readonly operation: 'CREATE' | 'UPDATE' | 'DELETE' | 'CONNECT';
  readonly kind: GroupVersionKind;
  readonly resource: GroupVersionResource;
  readonly subresource: string;
  readonly namespace: string;
  /** May still be empty while mutating, when the name will be generated. */
  readonly name: string;
  readonly user: UserInfo;
  readonly dryRun: boolean;
  /** New state; mutating plugins change it in place. Absent on DELETE. */
  readonly object?: KubeObject;
  /** Old state on UPDATE and DELETE; never changed. */
  readonly oldObject?: KubeObject;
  /** CreateOptions, UpdateOptions, PatchOptions or DeleteOptions of the request. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Adds a Warning header to the response. */
  warn(text: string): void;
  /** Adds to the annotations of the request's audit events; a key's first value stays. */
  annotate(key: string, value: string): void;
}

/** Refuses a write by throwing `ApiError`. `admit` may change the object; `validate` sees the final one. */
export interface AdmissionPlugin {
  readonly name: string;
  handles(operation: AdmissionAttributes['operation']): boolean;
  admit?(attributes: AdmissionAttributes): Promise<void> | void;
  validate?(attributes: AdmissionAttributes): Promise<void> | void;
}
