import type { Json, JsonObject } from '@keelson/machinery';
import { formatJson } from '@keelson/machinery';
import { getOwn, isJsonObject } from '../json/own-property.js';
import { compareObjects } from '../managed-fields/compare.js';
import { describeMisfit } from '../managed-fields/describe-misfit.js';
import { difference, emptySet, type FieldSet } from '../managed-fields/field-set.js';
import { objectType } from '../managed-fields/merge-type.js';
import type { RequestVersion } from '../managed-fields/versions.js';
import { appliedSet } from './applied-set.js';

/** The manager that turns from client-side to server-side apply and may keep what it applied before. */
export const kubectlManager = 'kubectl';
const annotation = 'kubectl.kubernetes.io/last-applied-configuration';
/** Bytes that all annotations of an object may have. */
const maxAnnotationsBytes = 256 * 1024;

/**
 * What client-side apply set and nobody has changed since, from its annotation: applying it again from the server
 * takes it over without conflict.
 */
export function unchangedSinceLastApplied(live: JsonObject, request: RequestVersion): FieldSet {
  const lastApplied = parseObject(annotationsOf(live)?.[annotation]);
  if (!lastApplied || lastApplied.apiVersion !== request.apiVersion) return emptySet;
  const type = objectType(request.type);
  if (describeMisfit(lastApplied, type) !== '') return emptySet;
  const { changed, removed } = compareObjects(lastApplied, live, type);
  return difference(difference(appliedSet(lastApplied, type), changed), removed);
}

/** Objects that carry the annotation of client-side apply get it renewed, so that one can go back. */
export function renewLastApplied(object: JsonObject, applied: JsonObject): JsonObject {
  const annotations = annotationsOf(object);
  if (!annotations?.[annotation]) return object;
  const { [annotation]: _, ...others } = annotations;
  const renewed = { ...annotations, [annotation]: describeApplied(applied) };
  const size = Object.entries(renewed).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + Buffer.byteLength(String(value)), 0);
  const metadata = object.metadata as JsonObject;
  return { ...object, metadata: { ...metadata, annotations: size > maxAnnotationsBytes ? others : renewed } };
}

/** As Kubernetes writes it: keys sorted, a line break at the end, without the annotation itself. */
function describeApplied(applied: JsonObject): string {
  const metadata = applied.metadata;
  const annotations = annotationsOf(applied);
  if (!isJsonObject(metadata) || !annotations) return `${formatJson(sorted(applied))}\n`;
  const { [annotation]: _, ...others } = annotations;
  return `${formatJson(sorted({ ...applied, metadata: { ...metadata, annotations: others } }))}\n`;
}

function annotationsOf(object: JsonObject): JsonObject | undefined {
  const metadata = object.metadata;
  const annotations = isJsonObject(metadata) ? getOwn(metadata, 'annotations') : undefined;
  return isJsonObject(annotations) ? annotations : undefined;
}

function parseObject(text: Json | undefined): JsonObject | undefined {
  if (typeof text !== 'string' || text === '') return undefined;
  try {
    const parsed = JSON.parse(text) as Json;
    return isJsonObject(parsed) ? parsed : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function sorted(value: Json): Json {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key] as Json)]),
  );
}
