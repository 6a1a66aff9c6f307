import { formatGroupVersion, formatJson, type KubeObject, plainFailure, type Status } from '@keelson/machinery';
import { DecodeError, envelopePrefix, jsonToYaml, type KindSchema, wrap } from '@keelson/schema';
import type { KeelsonContext } from '../http/context.js';
import { indentJson } from './indent-json.js';
import type { Negotiated } from './negotiate.js';
import { sendBody } from './send.js';

/**
 * One whole document in the negotiated form. `document` carries its TypeMeta; `schema` is its kind, for protobuf.
 * For what is made per request: statuses, discovery, subresource views, dry runs.
 */
export function writeDocument(
  ctx: KeelsonContext,
  code: number,
  document: KubeObject | Status,
  schema: KindSchema,
  form: Negotiated,
): void {
  if (form.media === 'application/vnd.kubernetes.protobuf') {
    const message = schema.codec.encode(document as KubeObject);
    sendBody(ctx, code, form.media, wrap(envelopePrefix(formatGroupVersion(schema), schema.kind), message));
  } else {
    sendText(ctx, code, formatJson(document), form);
  }
}

/** A JSON text in the negotiated text form. */
export function sendText(ctx: KeelsonContext, code: number, json: string, form: Negotiated): void {
  sendBody(ctx, code, form.media === 'application/yaml' ? form.media : 'application/json', textBody(json, form));
}

/** As Kubernetes does it, what YAML cannot hold is not answered. */
export function yamlText(json: string, part = false): string {
  try {
    return jsonToYaml(json, part);
  } catch (error) {
    throw error instanceof DecodeError ? plainFailure(error.message) : error;
  }
}

/** A JSON text as a body: as it is, indented, or as YAML. */
export function textBody(json: string, { media, pretty }: Negotiated): Buffer {
  if (media === 'application/yaml') return Buffer.from(yamlText(json));
  const line = json.endsWith('\n') ? json.slice(0, -1) : json;
  return Buffer.from(`${pretty ? indentJson(line) : line}\n`);
}
