import type { JsonObject } from '@keelson/machinery';
import { type Operation, type OperationPath, type Parameter, type RequestBody, TEXT } from './operation.js';
import { operationHead, pathItem, responses } from './path-item.js';

/** A path in an OpenAPI v2 document. */
export function pathItemV2(path: OperationPath): JsonObject {
  return pathItem(path, { operation, parameter });
}

function operation(described: Operation, parameters: readonly Parameter[]): JsonObject {
  const { before, after } = operationHead(described);
  const { body, consumes, produces, response } = described;
  const written = [...(body ? [bodyParameter(body)] : []), ...parameters.map(parameter)];
  return {
    ...before,
    ...(consumes && { consumes: [...consumes] }),
    produces: [...produces],
    schemes: ['https'],
    ...(written.length > 0 && { parameters: written }),
    responses: responses(described, { schema: response === TEXT ? { type: 'string' } : reference(response) }),
    ...after,
  };
}

function parameter(described: Parameter): JsonObject {
  return described.shared === undefined ? wholeParameter(described) : { $ref: `#/parameters/${described.shared}` };
}

/** A parameter written out: where it is used, or among the shared ones. */
export function wholeParameter({ name, in: place, type, description }: Parameter): JsonObject {
  return {
    ...(description !== '' && { description }),
    in: place,
    name,
    ...(place === 'path' && { required: true }),
    type,
    uniqueItems: true,
  };
}

function bodyParameter(body: RequestBody): JsonObject {
  return body.shared === undefined ? wholeBody(body) : { $ref: `#/parameters/${body.shared}` };
}

export function wholeBody({ schema, required }: RequestBody): JsonObject {
  return { in: 'body', name: 'body', ...(required && { required }), schema: reference(schema) };
}

function reference(definition: string): JsonObject {
  return { $ref: `#/definitions/${definition}` };
}
