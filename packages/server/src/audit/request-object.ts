import type { JsonObject, KubeObject, ObjectMeta } from '@keelson/machinery';
import { formatJson, formatJsonString } from '@keelson/machinery';
import { applyDefaults, compactJson, DecodeError, type KindSchema, yamlToJson } from '@keelson/schema';
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

/** Notes the DeleteOptions of a body: in no version that anybody sends them in, as kube-apiserver does. */
export function auditDeleteOptions({ audit }: RequestState, options: JsonObject): void {
  if (audit?.wantsRequest) audit.requestObject([Buffer.from(formatJson({ ...DELETE_OPTIONS, ...options }))]);
}

const DELETE_OPTIONS = { kind: 'DeleteOptions', apiVersion: 'meta.k8s.io/__internal' };

function withoutNewline(document: Buffer): Buffer {
  return document.subarray(0, document.length - 1);
}
