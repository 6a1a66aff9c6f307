import { formatGroupVersion, type Json, type KubeObject } from '@keelson/machinery';
import { parseJson } from '@keelson/schema';
import type { StoredForm } from '@keelson/server';
import type { CustomKind } from '../kind/custom-kind.js';
import { applyStructuralDefaults, hasDefaults } from '../values/apply-structural-defaults.js';
import type { FieldReaders } from './selectable-fields.js';

/** What the stored form of a version is made of. */
export interface CustomFormParts {
  /** The version that objects are shown in. */
  readonly shown: CustomKind;
  /** The version that they are written in. */
  readonly written: CustomKind;
  /** By apiVersion, all that objects may be stored in. */
  readonly kinds: ReadonlyMap<string, CustomKind>;
  readonly fields: FieldReaders;
  /** What was made before objects had generations, and says none, is of the first one. */
  readonly beganWithoutGenerations?: boolean;
  /** Makes an object of one of the kinds one of another; where absent, only its apiVersion changes. Consumes it. */
  readonly convert?: ((object: KubeObject, from: CustomKind, to: CustomKind) => KubeObject) | undefined;
}

/**
 * Custom resources are stored as JSON. What is read is made to fit the schema of now: without what that does not know,
 * with its defaults.
 */
export function customForm({ shown, written, kinds, fields, beganWithoutGenerations, convert = retyped }: CustomFormParts): StoredForm {
  const writtenVersion = formatGroupVersion(written);
  const defaulting = new Set([...kinds.values()].filter(({ schema }) => hasDefaults(schema)));
  const fillIn = (object: KubeObject, kind: CustomKind): void => {
    if (beganWithoutGenerations) object.metadata.generation ??= 1;
    if (defaulting.has(kind)) applyStructuralDefaults(object as unknown as Json, kind.schema);
  };
  const decode = (value: Buffer): KubeObject => {
    const stored = parse(value);
    // Of a version that is gone the last word is with the one that is shown.
    const kind = kinds.get(stored.apiVersion ?? '') ?? shown;
    const object = kind.codec.fromStored(stored as unknown as Json);
    // A bookmark is no object: nothing is filled in.
    if (object.metadata.name !== undefined) fillIn(object, kind);
    return kind === shown ? object : convert(object, kind, shown);
  };
  return {
    encode: (object) => written.codec.print(withoutRevision(shown === written ? object : convert(object, shown, written))),
    decode,
    message: () => undefined,
    isText: true,
    isCurrent: (value) => parse(value).apiVersion === writtenVersion,
    indexer: {
      labels: (value) => labelsOf(parse(value)),
      fields: (value) => fields(convert === retyped ? parse(value) : decode(value)),
    },
  };
}

function retyped(object: KubeObject, _from: CustomKind, to: CustomKind): KubeObject {
  return to.codec.fromJson(object as unknown as Json);
}

function parse(value: Buffer): KubeObject {
  return parseJson(value.toString()) as unknown as KubeObject;
}

/** What is in the store may have been put there by anybody. */
function labelsOf({ metadata }: Partial<KubeObject>): Record<string, string> {
  return metadata?.labels ?? {};
}

function withoutRevision(object: KubeObject): KubeObject {
  const { resourceVersion: _revision, selfLink: _link, ...metadata } = object.metadata;
  return { ...object, metadata };
}
