import type { Json, JsonObject } from '@keelson/machinery';
import { additionalOf, itemsOf, type JsonSchema, propertyOf } from './json-schema.js';

/** Told of every field that goes: `spec.items[0].colour`. */
export type OnPruned = (path: string) => void;

const nothing: OnPruned = () => undefined;
const typeAndMetadata: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata']);

/**
 * Removes, in place, what a schema does not know. Type and metadata of whole objects stay: the value itself is one when
 * `isObject`, and so is what the schema calls an embedded resource.
 */
export function prune(value: Json, schema: JsonSchema, isObject: boolean, onPruned: OnPruned = nothing): void {
  new Pruning(onPruned).prune(value, schema, '', isObject);
}

class Pruning {
  readonly #onPruned: OnPruned;

  constructor(onPruned: OnPruned) {
    this.#onPruned = onPruned;
  }

  prune(value: Json, schema: JsonSchema | undefined, path: string, isObject = false): void {
    const keeps = schema?.['x-kubernetes-preserve-unknown-fields'] === true;
    if (Array.isArray(value)) this.#list(value, schema, path, keeps);
    else if (typeof value === 'object' && value !== null) this.#object(value as JsonObject, schema, path, keeps, isObject);
  }

  /** Items of a list that keeps unknown fields are of its own schema, when they have none: so are theirs. */
  #list(list: readonly Json[], schema: JsonSchema | undefined, path: string, keeps: boolean): void {
    const items = schema && itemsOf(schema);
    if (keeps && items === undefined) return;
    for (const [at, item] of list.entries()) this.prune(item, keeps ? { ...items, ...KEEPS } : items, `${path}[${at}]`);
  }

  #object(object: JsonObject, schema: JsonSchema | undefined, path: string, keeps: boolean, isRoot: boolean): void {
    const isObject = isRoot || schema?.['x-kubernetes-embedded-resource'] === true;
    for (const name of Object.keys(object)) {
      if (isObject && typeAndMetadata.has(name)) continue;
      const at = path === '' ? name : `${path}.${name}`;
      const property = schema && propertyOf(schema, name);
      if (property !== undefined) this.prune(object[name] as Json, property, at);
      else if (schema?.additionalProperties !== undefined) this.prune(object[name] as Json, additionalOf(schema), at);
      else if (!keeps) this.#remove(object, name, at);
    }
  }

  #remove(object: JsonObject, name: string, path: string): void {
    this.#onPruned(path);
    delete object[name];
  }
}

const KEEPS = { 'x-kubernetes-preserve-unknown-fields': true };
