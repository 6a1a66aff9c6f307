import { formatGroupVersion, type Json, type JsonObject, type KubeObject } from '@keelson/machinery';
import type { ForeignVersion } from '@keelson/server';
import type { CustomKind } from '../kind/custom-kind.js';
import type { ConversionWebhook } from './conversion-webhook.js';

/** A version that a webhook makes of `own`, as ownership compares in it. */
export function foreignVersion(other: CustomKind, own: CustomKind, webhook: ConversionWebhook): ForeignVersion {
  const between = (from: CustomKind, to: CustomKind) => async (object: JsonObject) => {
    const { metadata = null, kind = null } = object;
    const typed = { ...object, apiVersion: formatGroupVersion(from), kind: from.kind, metadata: metadata ?? {} } as unknown as KubeObject;
    const [converted] = await webhook.convert([typed], to);
    const { metadata: kept, ...members } = to.codec.fromJson(converted as unknown as Json);
    // Webhooks want to know what they convert; what it did not tell of itself it does not tell now.
    return {
      ...(kind !== null && { apiVersion: formatGroupVersion(to), kind: to.kind }),
      ...(metadata !== null && { metadata: kept as unknown as Json }),
      ...(members as unknown as JsonObject),
    };
  };
  return { type: other.type, convert: between(own, other), restore: between(other, own) };
}
