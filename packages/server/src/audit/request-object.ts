import { formatGroupVersion, type JsonObject, type KubeObject, type ObjectMeta } from '@keelson/machinery';
import {
  applyDefaults,
  type BodyFormat,
  compactJson,
  DecodeError,
  formatJson,
  formatJsonString,
  isEnvelope,
  type KindSchema,
  parseBody,
  unwrap,
  yamlToJson,
} from '@keelson/schema';
import type { RequestState } from '../http/context.js';
import { defaultedHub } from '../pipeline/defaulting.js';
import type { ResourceVersion } from '../resource/resource-version.js';
import { objectDocument } from '../respond/object-document.js';

/** Notes the object that a write carries: as it was understood, with its defaults, in the version that it was sent in. */
export function auditRequestObject({ audit }: RequestState, version: ResourceVersion, schema: KindSchema, object: KubeObject): void {
  if (audit === undefined) return;
  if (object.metadata !== undefined) audit.identify(object.metadata);
  if (!audit.wantsRequest) return;
  const shown = defaulted(version, schema, structuredClone(object));
  if (audit.omitsManagedFields) delete (shown.metadata as ObjectMeta | undefined)?.managedFields;
  audit.requestObject([withoutNewline(objectDocument(schema, shown))]);
}

/** Defaults of the object or, for what a subresource speaks, of that kind. */
function defaulted(version: ResourceVersion, schema: KindSchema, object: KubeObject): KubeObject {
  if (schema === version.schema) return version.fromHub(defaultedHub(version, object));
  applyDefaults(schema, object);
  return object;
}

/** Notes the body of a PATCH as it was sent. */
export function auditRequestPatch({ audit }: RequestState, body: Buffer): void {
  if (audit?.wantsRequest) audit.requestObject([Buffer.from(patchJson(body.toString()))]);
}

/** Events are JSON: a patch in YAML is shown as what it says, and one that cannot be read as text. */
function patchJson(text: string): string {
  try {
    JSON.parse(text);
    return compactJson(text);
  } catch {
    return yamlAsJson(text);
  }
}

function yamlAsJson(text: string): string {
  try {
    return formatJson(yamlToJson(text).value);
  } catch (error) {
    if (error instanceof DecodeError) return formatJsonString(text);
    throw error;
  }
}

/** Notes the DeleteOptions of a body. */
export function auditDeleteOptions({ audit }: RequestState, options: JsonObject, body: Buffer, format: BodyFormat): void {
  if (!audit?.wantsRequest) return;
  const typeMeta = { kind: 'DeleteOptions', apiVersion: apiVersionOf(body, format) || META_VERSION };
  audit.requestObject([Buffer.from(formatJson({ ...typeMeta, ...options }))]);
}

const META_VERSION = formatGroupVersion({ group: 'meta.k8s.io', version: 'v1' });

function apiVersionOf(body: Buffer, format: BodyFormat): string {
  if (format === 'protobuf') return isEnvelope(body) ? unwrap(body).apiVersion : '';
  const { value } = parseBody(body, format);
  const apiVersion = typeof value === 'object' && value !== null && !Array.isArray(value) ? value.apiVersion : undefined;
  return typeof apiVersion === 'string' ? apiVersion : '';
}

function withoutNewline(document: Buffer): Buffer {
  return document.subarray(0, document.length - 1);
}
