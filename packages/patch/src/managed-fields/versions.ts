import type { JsonObject } from '@keelson/machinery';
import type { TypeSchema } from '@keelson/schema';
import { type Comparison, compareObjects } from './compare.js';
import { type FieldSet, recursiveDifference } from './field-set.js';
import { objectType, type StructType } from './merge-type.js';

/** Another version of the kind. Objects to convert may be incomplete: what is pruned from them is null or absent. */
export interface VersionView {
  readonly type: TypeSchema;
  /** Converts from the version of the request. */
  convert(object: JsonObject): JsonObject;
  /** Converts back to it. */
  restore(object: JsonObject): JsonObject;
}

/** Finds another version of the kind; undefined when it is no longer served. */
export type VersionLookup = (apiVersion: string) => VersionView | undefined;

/** One write seen in all the versions that managers have used. Comparisons are made when they are first needed. */
export class VersionedComparisons {
  readonly #before: JsonObject;
  readonly #after: JsonObject;
  readonly #lookup: VersionLookup | undefined;
  readonly #resetFields: FieldSet | undefined;
  readonly #types = new Map<string, StructType | undefined>();
  readonly #comparisons = new Map<string, Comparison>();
  readonly #requested: Comparison;
  readonly #requestedType: StructType;

  constructor(before: JsonObject, after: JsonObject, version: RequestVersion) {
    this.#before = before;
    this.#after = after;
    this.#lookup = version.otherVersion;
    this.#resetFields = version.resetFields;
    this.#requestedType = objectType(version.type);
    this.#types.set(version.apiVersion, this.#requestedType);
    this.#requested = this.#withoutResetFields(compareObjects(before, after, this.#requestedType));
    this.#comparisons.set(version.apiVersion, this.#requested);
  }

  /** In the version of the request. */
  get requested(): Comparison {
    return this.#requested;
  }

  /** The type of a version; undefined when it is no longer served. Without a lookup all versions are taken to be alike. */
  typeOf(apiVersion: string): StructType | undefined {
    if (!this.#types.has(apiVersion)) this.#types.set(apiVersion, this.#findType(apiVersion));
    return this.#types.get(apiVersion);
  }

  in(apiVersion: string): Comparison {
    let comparison = this.#comparisons.get(apiVersion);
    if (!comparison) {
      comparison = this.#compareIn(apiVersion);
      this.#comparisons.set(apiVersion, comparison);
    }
    return comparison;
  }

  #findType(apiVersion: string): StructType | undefined {
    if (!this.#lookup) return this.#requestedType;
    const view = this.#lookup(apiVersion);
    return view && objectType(view.type);
  }

  #compareIn(apiVersion: string): Comparison {
    const view = this.#lookup?.(apiVersion);
    if (!view) return this.#requested;
    return this.#withoutResetFields(compareObjects(view.convert(this.#before), view.convert(this.#after), objectType(view.type)));
  }

  #withoutResetFields(comparison: Comparison): Comparison {
    const reset = this.#resetFields;
    if (!reset) return comparison;
    return { changed: recursiveDifference(comparison.changed, reset), removed: recursiveDifference(comparison.removed, reset) };
  }
}

/** The version a request speaks, and what it cannot write. */
export interface RequestVersion {
  readonly apiVersion: string;
  readonly type: TypeSchema;
  /** Fields that a write through this endpoint cannot change, see `fieldSetOf`. */
  readonly resetFields?: FieldSet | undefined;
  readonly otherVersion?: VersionLookup | undefined;
}
