import type { JsonObject } from '@keelson/machinery';
import { ANY_MEDIA } from './media.js';
import { type Operation, type OperationPath, type Parameter, TEXT } from './operation.js';
import { operationHead, pathItem, responses } from './path-item.js';

/** A path in an OpenAPI v3 document. */
export function pathItemV3(path: OperationPath): JsonObject {
  return pathItem(path, { operation, parameter });
}

function operation(described: Operation, parameters: readonly Parameter[]): JsonObject {
  const { before, after } = operationHead(described);
  const { body, consumes = ANY_MEDIA, produces, response } = described;
  return {
    ...before,
    ...(parameters.length > 0 && { parameters: parameters.map(parameter) }),
    ...(body && { requestBody: { content: content(consumes, reference(body.schema)), ...(body.required && { required: true }) } }),
    responses: responses(described, { content: content(produces, response === TEXT ? { type: 'string' } : reference(response)) }),
    ...after,
  };
}

function parameter({ name, in: place, type, description }: Parameter): JsonObject {
  return {
    name,
    in: place,
    ...(description !== '' && { description }),
    ...(place === 'path' && { required: true }),
    schema: { type, uniqueItems: true },
  };
}

function content(media: readonly string[], schema: JsonObject): JsonObject {
  return Object.fromEntries([...media].sort().map((type) => [type, { schema }]));
}

function reference(definition: string): JsonObject {
  return { $ref: `#/components/schemas/${definition}` };
}
