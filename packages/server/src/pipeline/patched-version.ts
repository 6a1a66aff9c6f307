import { type JsonObject, type KubeObject, underFeatures } from '@keelson/machinery';
import { type KindSchema, patchedKind, readSent, type StrictSink, settleDecimals, withoutRawTexts } from '@keelson/schema';
import { apiVersionOf } from '../resource/resource.js';
import { defaultedHub } from './defaulting.js';
import type { ParsedPatch } from './patch-object.js';
import type { WriteRequest } from './write-request.js';

/**
 * Reads what a patch of text has left of an object of `schema`, a built-in kind, as what it says that it is: it may have become another
 * version of the kind, served or not. The object is of `schema` again.
 */
export function readPatchedVersion(
  request: WriteRequest,
  schema: KindSchema,
  { kind: patchKind, body }: ParsedPatch,
  patched: JsonObject,
  strict: StrictSink | undefined,
): KubeObject {
  const { resource } = request.version;
  const isWhole = schema === request.version.schema;
  const sent = patchedKind(schema, patched, (kind) => !isWhole || resource.byApiVersion(apiVersionOf(kind)) !== undefined);
  const settled = (body.decimals ? settleDecimals(sent.type, patched) : patched) as JsonObject;
  const object = readSent(sent, withoutRawTexts(sent.type, settled, patchKind), strict);
  // What views show of an object has the same fields in all their versions.
  return sent === schema || !isWhole ? object : converted(request, sent, object);
}

function converted({ version, context }: WriteRequest, sent: KindSchema, object: KubeObject): KubeObject {
  const from = version.resource.byApiVersion(apiVersionOf(sent));
  return from === undefined ? object : version.fromHub(underFeatures(context.features, () => defaultedHub(from, object)));
}
