import type { AdmissionAttributes, KubeObject } from '@keelson/machinery';
import type { WriteRequest } from './write-request.js';

/** What admission plugins are told of a write; `object` is the one they may change. */
export function admissionAttributes(
  request: WriteRequest,
  operation: AdmissionAttributes['operation'],
  object: KubeObject | undefined,
  oldObject: KubeObject | undefined,
): AdmissionAttributes {
  const { version, subresource, namespace, user, context, options } = request;
  const { group, version: v } = version;
  return {
    operation,
    kind: version,
    resource: { group, version: v, resource: version.resource.resource },
    subresource,
    namespace,
    name: request.name || object?.metadata.name || '',
    user,
    dryRun: context.dryRun,
    ...(object && { object }),
    ...(oldObject && { oldObject }),
    options,
    warn: (text) => context.warn(text),
    annotate: (key, value) => context.annotate(key, value),
  };
}
