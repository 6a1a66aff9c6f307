import type { GroupVersionKind, JsonObject } from '@keelson/machinery';

export type OperationMethod = 'get' | 'put' | 'post' | 'delete' | 'options' | 'head' | 'patch';

/** A parameter in the path or the query. */
export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query';
  readonly type: 'string' | 'integer' | 'boolean';
  readonly description: string;
  /** Name in the parameters of a v2 document, for those it writes once and refers to. */
  readonly shared?: string;
}

export interface RequestBody {
  /** Name of a definition. */
  readonly schema: string;
  readonly required: boolean;
  readonly shared?: string;
}

/** One method of a path, before it is written as OpenAPI v2 or v3. */
export interface Operation {
  readonly method: OperationMethod;
  readonly id: string;
  readonly description: string;
  readonly tag: string;
  /** `x-kubernetes-action` and `x-kubernetes-group-version-kind`, where an operation is one on a resource. */
  readonly action?: string;
  readonly kind?: GroupVersionKind;
  readonly consumes?: readonly string[];
  readonly produces: readonly string[];
  readonly parameters: readonly Parameter[];
  readonly body?: RequestBody;
  /** Codes besides 401, all with the same schema: the name of a definition, or any text. */
  readonly codes: readonly number[];
  readonly response: string | typeof TEXT;
}

/** The schema of an answer that is text. */
export const TEXT: unique symbol = Symbol('text');

/** A path and what can be done with it. */
export interface OperationPath {
  readonly path: string;
  readonly operations: readonly Operation[];
}

/** Names of definitions with their schemas, made one by one. */
export type Definitions = Iterable<readonly [name: string, schema: JsonObject]>;
