import {
  type ApiError,
  type Authorizer,
  conflict,
  type Features,
  type JsonObject,
  type KubeObject,
  type UserInfo,
} from '@keelson/machinery';
import type { FieldValidation } from '@keelson/schema';
import type { Reservation, WriteContext } from '../resource/definition.js';
import type { ResourceVersion } from '../resource/resource-version.js';
import type { PartSubresource } from '../resource/subresource.js';
import type { Admission } from './admission.js';

/** What the pipeline calls on its way; the same for every request. */
export interface WriteServices {
  readonly admission: Admission;
  /** Undefined: no object has to wait for initializers. */
  readonly initializers: InitializerOptions | undefined;
  readonly features: Features;
  readonly authorizer: Authorizer;
}

export interface InitializerOptions {
  /** How long the request that makes an object waits for the last one. */
  readonly waitMs: number;
}

/** One write of one object: everything the pipeline needs to know besides the object itself. */
export interface WriteRequest {
  readonly version: ResourceVersion;
  /** '' for the resource itself. */
  readonly subresource: string;
  /** How that subresource writes; absent for the resource itself. */
  readonly part?: PartSubresource<KubeObject>;
  readonly namespace: string;
  /** Name in the URL; '' on create. */
  readonly name: string;
  readonly user: UserInfo;
  readonly context: WriteContext;
  /** Who owns what is written: `fieldManager`, or the User-Agent up to its first slash. */
  readonly manager: string;
  readonly fieldValidation: FieldValidation;
  /** CreateOptions, UpdateOptions or PatchOptions, as admission shows them. */
  readonly options: JsonObject;
  readonly services: WriteServices;
  /** Aborted when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
  /** When that is at the latest, by `performance.now()`; Infinity for the server's own writes. */
  readonly deadlineAtMs: number;
  /** What the current try of the write has reserved; see `settleReservation`. */
  reservation?: Reservation | undefined;
}

/** The store's refusal of a write to another object than the one it names. */
export function storePreconditionFailed(
  { version, namespace, name }: Pick<WriteRequest, 'version' | 'namespace' | 'name'>,
  why: string,
): ApiError {
  const { resource } = version;
  // Of custom resources messages name the key without what begins it.
  const root = version.schema.custom ? '' : '/registry';
  const key = `${root}/${resource.definition.storage.key}/${resource.path(namespace, name)}`;
  const text = `StorageError: invalid object, Code: 4, Key: ${key}, ResourceVersion: 0, AdditionalErrorMsg: ${why}`;
  return conflict(version.groupResource, name, text);
}
