import type { KeelsonContext } from '../http/context.js';
import { parseAccept } from '../respond/negotiate.js';

export type OpenApiForm = 'json' | 'protobuf';

/** The form of a document that a client likes best; undefined when it accepts none. `spec`: `v2` or `v3`. */
export function openApiForm(ctx: KeelsonContext, spec: 'v2' | 'v3'): OpenApiForm | undefined {
  const { accept } = ctx.req.headers;
  if (accept === undefined || accept === '') return 'json';
  for (const { type } of parseAccept(accept)) {
    if (type === 'application/json' || type === '*/*' || type === 'application/*') return 'json';
    if (type === protobufType(spec) || type === askedProtobufType(spec)) return 'protobuf';
  }
  return undefined;
}

/** What documents in gnostic's protobuf form are called. */
export function protobufType(spec: 'v2' | 'v3'): string {
  return `application/com.github.proto-openapi.spec.${spec}.v1.0+protobuf`;
}

/** What clients call it: no media type may have such a character, which is why answers have another. */
function askedProtobufType(spec: 'v2' | 'v3'): string {
  return `application/com.github.proto-openapi.spec.${spec}@v1.0+protobuf`;
}
