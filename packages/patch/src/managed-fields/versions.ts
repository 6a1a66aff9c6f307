import type { JsonObject } from '@keelson/machinery';
import type { TypeSchema } from '@keelson/schema';
import { type Comparison, compareObjects } from './compare.js';
import { type FieldSet, recursiveDifference } from './field-set.js';
import { objectType, type StructType } from './merge-type.js';
import { checkFits, fittingIn } from './misfit-error.js';

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
  readonly #version: RequestVersion;
  readonly #types = new Map<string, StructType | undefined>();
  readonly #comparisons = new Map<string, Comparison>();
  readonly #requested: Comparison;
  readonly #requestedType: StructType;

  constructor(before: JsonObject, after: JsonObject, version: RequestVersion) {
    this.#before = before;
    this.#after = after;
    this.#version = version;
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
    const { otherVersion } = this.#version;
    if (!otherVersion) return this.#requestedType;
    const view = otherVersion(apiVersion);
    return view && objectType(view.type);
  }

  #compareIn(apiVersion: string): Comparison {
    const view = this.#version.otherVersion?.(apiVersion);
    if (!view) return this.#requested;
    const before = fittingIn('failed to convert old object: ', () => convertTo(view, this.#before, this.#version));
    const after = fittingIn('failed to convert new object: ', () => convertTo(view, this.#after, this.#version));
    return this.#withoutResetFields(compareObjects(before, after, objectType(view.type)));
  }

  #withoutResetFields(comparison: Comparison): Comparison {
    const reset = this.#version.resetFields;
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
  /**
   * Whether objects may be other than the schemas of their versions say, as custom resources may: those of built-in kinds have been
   * read as such.
   */
  readonly unjudged?: boolean;
}

/** The object in another version. Throws `MisfitError` where that is not as its schema says. */
export function convertTo(view: VersionView, object: JsonObject, { unjudged }: RequestVersion): JsonObject {
  const converted = view.convert(object);
  if (unjudged) checkFits(converted, objectType(view.type));
  return converted;
}

/** The object of another version in that of the request, likewise. */
export function restoreFrom(view: VersionView, object: JsonObject, { unjudged, type }: RequestVersion): JsonObject {
  const restored = view.restore(object);
  if (unjudged) checkFits(restored, objectType(type));
  return restored;
}

/** Throws `MisfitError` where the object cannot be looked at in one of the versions that managers have used. */
export function checkInVersions(object: JsonObject, managers: Iterable<{ readonly apiVersion: string }>, version: RequestVersion): void {
  if (!version.unjudged) return;
  for (const apiVersion of new Set(Array.from(managers, (manager) => manager.apiVersion))) {
    const view = apiVersion === version.apiVersion ? undefined : version.otherVersion?.(apiVersion);
    if (view) convertTo(view, object, version);
  }
}
