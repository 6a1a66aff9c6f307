import {
  dns1035Label,
  type FieldError,
  type FieldPath,
  invalidField,
  type Json,
  type JsonObject,
  type ObjectMeta,
  parseGroupVersion,
  path,
  pathSegmentName,
  required,
  validateObjectMeta,
} from '@keelson/machinery';
import { meta } from '../gen/index.js';
import { DecodeError } from '../kind.js';
import { additionalOf, itemsOf, type JsonSchema } from './json-schema.js';

const EMBEDDED = 'x-kubernetes-embedded-resource';

/** Objects inside of an object say what they are, and have metadata like any other. */
export function validateEmbeddedObjects(value: Json, schema: JsonSchema, at?: FieldPath): FieldError[] {
  if (Array.isArray(value)) {
    const items = itemsOf(schema);
    return items === undefined ? [] : value.flatMap((item, i) => validateEmbeddedObjects(item, items, at?.index(i)));
  }
  if (typeof value !== 'object' || value === null) return [];
  const errors = schema[EMBEDDED] && at !== undefined ? validateObject(value, at) : [];
  return [...errors, ...validateMembers(value, schema, at)];
}

function validateMembers(object: JsonObject, schema: JsonSchema, at: FieldPath | undefined): FieldError[] {
  const additional = additionalOf(schema);
  return Object.keys(object).flatMap((name) => {
    const property = schema.properties?.[name];
    const value = object[name] as Json;
    if (property !== undefined) return validateEmbeddedObjects(value, property, at?.child(name) ?? path(name));
    return additional === undefined ? [] : validateEmbeddedObjects(value, additional, at?.key(name) ?? path(name));
  });
}

function validateObject(object: JsonObject, at: FieldPath): FieldError[] {
  const { apiVersion, kind, metadata } = object;
  return [
    ...(apiVersion === undefined ? [required(at.child('apiVersion'))] : validateApiVersion(apiVersion, at.child('apiVersion'))),
    ...(kind === undefined ? [required(at.child('kind'))] : validateKind(kind, at.child('kind'))),
    ...(metadata === undefined ? [] : validateMetadata(metadata, at.child('metadata'))),
  ];
}

function validateApiVersion(value: Json, at: FieldPath): FieldError[] {
  if (typeof value !== 'string') return [invalidField(at, value, 'must be a string')];
  if (value === '') return [invalidField(at, value, 'must not be empty')];
  return parseGroupVersion(value) === undefined ? [invalidField(at, value, `unexpected GroupVersion string: ${value}`)] : [];
}

function validateKind(value: Json, at: FieldPath): FieldError[] {
  if (typeof value !== 'string') return [invalidField(at, value, 'must be a string')];
  if (value === '') return [invalidField(at, value, 'must not be empty')];
  const details = dns1035Label(value.toLowerCase());
  if (details.length === 0) return [];
  return [invalidField(at, value, `may have mixed case, but should otherwise match: ${details.join(',')}`)];
}

function validateMetadata(value: Json, at: FieldPath): FieldError[] {
  const metadata = readMetadata(value);
  if (metadata === undefined) return [invalidField(at, value, 'must be an object')];
  const namespaced = (metadata.namespace ?? '') !== '';
  // An object that is yet to be made needs no name.
  return validateObjectMeta(
    { ...metadata, name: metadata.name || 'fakename' },
    { namespaced, nameForm: pathSegmentName, standardFinalizers: false },
    at,
  );
}

function readMetadata(value: Json): ObjectMeta | undefined {
  try {
    return meta.v1.PartialObjectMetadata.codec.fromJson({ metadata: value }).metadata;
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}
