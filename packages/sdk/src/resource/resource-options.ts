import type { FieldError, KubeObject, UserInfo } from '@keelson/machinery';
import type { Fields } from '../schema/object-schema.js';
import type { AnySchema } from '../schema/schema.js';
import type { Source } from '../virtual/source.js';
import type { AdmissionHooks } from './admission-hooks.js';
import type { path } from './field.js';
import type { ObjectOf, Shape } from './object-of.js';
import type { Columns } from './printed-columns.js';

export interface ValidationContext<T extends KubeObject> {
  /** Begins a field error: `path('spec', 'size').required('for size > 10')`. */
  readonly path: typeof path;
  /** What an update replaces. */
  readonly old: T | undefined;
  readonly user: UserInfo;
  /** Adds a Warning header to the answer. */
  warn(text: string): void;
}

/** Where the scale subresource finds its numbers, as CustomResourceDefinitions say it: `.spec.replicas`. */
export interface ScalePaths {
  readonly replicas: string;
  readonly statusReplicas: string;
  /** Of the selector of the scaled pods, as text. */
  readonly selector?: string;
}

/** How objects of a kind behave, whichever version they are written in: functions see them in the resource's main version. */
export interface Behavior<T extends KubeObject> {
  /** Fills in, in place, what depends on other fields; the schema's own defaults are there already. */
  readonly defaults?: (object: T) => void;
  /** What is wrong with an object that is as the schema says. Pure. */
  readonly validate?: (object: T, context: ValidationContext<T>) => readonly FieldError[];
  readonly columns?: Columns<T>;
  readonly admission?: AdmissionHooks<T>;
  /** What field selectors can ask for besides name and namespace, by path: `spec.color`. */
  readonly selectableFields?: readonly string[];
  readonly scale?: ScalePaths;
  /** Where objects come from that are not stored: read-only. */
  readonly source?: Source<T>;
}

export interface ResourceNames {
  /** @default the lower-case kind with an s */
  readonly plural?: string;
  /** @default the lower-case kind */
  readonly singular?: string;
  readonly short?: readonly string[];
  readonly categories?: readonly string[];
}

/** A resource, as its author writes it. */
export interface ResourceOptions<Spec extends AnySchema, Status extends AnySchema, More extends Fields>
  extends Shape<Spec, Status, More>,
    Behavior<ObjectOf<Spec, Status, More>> {
  readonly group: string;
  /** The main version: objects are stored in it, and all functions see them in it. */
  readonly version: string;
  readonly kind: string;
  readonly scope: 'Namespaced' | 'Cluster';
  readonly names?: ResourceNames;
  /** What `kubectl explain` says of the kind. */
  readonly description?: string;
}
