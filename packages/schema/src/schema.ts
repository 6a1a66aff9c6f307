import type { Json } from '@keelson/machinery';

/** Plain protobuf scalars as they occur in API messages. int64 keeps full precision up to 2^53, see `codec`. */
export type ScalarKind = 'string' | 'bool' | 'int32' | 'int64' | 'uint32' | 'double' | 'float' | 'bytes';

/** Messages whose JSON or protobuf form is not the plain field mapping. */
export type SpecialForm =
  | 'time'
  | 'microTime'
  | 'duration'
  | 'quantity'
  | 'intOrString'
  | 'rawExtension'
  | 'unknown'
  | 'fieldsV1'
  | 'json'
  | 'jsonSchemaPropsOrBool'
  | 'jsonSchemaPropsOrArray'
  | 'jsonSchemaPropsOrStringArray'
  | 'stringList'
  | 'inlineMap';

/** How a list is merged by server-side apply. */
export type ListType = 'atomic' | 'set' | 'map';

/** One JSON field of a message. Inlined sub-messages are flattened: their fields appear in the parent. */
export interface FieldSchema {
  /** JSON name. */
  readonly name: string;
  readonly cardinality: 'one' | 'list' | 'map';
  /** Exactly one of `scalar`, `message` and `nested` is set: the type of the value, of a list's items, or of a map's values. */
  readonly scalar?: ScalarKind;
  readonly message?: TypeSchema | undefined;
  /** These are lists or maps themselves, which only custom resources have. */
  readonly nested?: FieldSchema;
  /** Required by OpenAPI (and so by `kubectl --validate`). */
  readonly required: boolean;
  /** True where presence matters: absent and zero differ (a pointer in the reference API types). */
  readonly optional: boolean;
  /** Static default, applied by `applyDefaults`. */
  readonly default?: Json;
  /** What stands for a scalar that is left out where it is always written. */
  readonly zero?: Json;
  readonly enum?: readonly string[];
  /** Strategic merge patch: `merge`, `replace`, `retainKeys`, or `merge,retainKeys` and the like, as listed. */
  readonly patchStrategy: ReadonlySet<string>;
  readonly patchMergeKey?: string;
  readonly listType?: ListType;
  readonly listMapKeys: readonly string[];
  readonly mapType?: 'atomic' | 'granular';
  /** The values are whole objects: they have `apiVersion` and `kind` beside the fields of their message. */
  readonly embedsObjects?: boolean;
  readonly description?: string;
}

/** One message: the schema of an object or of a part of one. Types may be recursive. */
export interface TypeSchema {
  /** OpenAPI definition name: `io.k8s.api.core.v1.PodSpec`. */
  readonly name: string;
  /** By JSON name, in the order Kubernetes writes them. */
  readonly fields: ReadonlyMap<string, FieldSchema>;
  readonly special?: SpecialForm;
  /** Members without a declared field are kept (`x-kubernetes-preserve-unknown-fields`). */
  readonly preserveUnknownFields?: boolean;
  /** `atomic`: server-side apply replaces the struct as a whole. */
  readonly mapType?: 'atomic';
  readonly description?: string;
}
