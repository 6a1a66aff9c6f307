import type { JsonObject } from '@keelson/machinery';
import type { Operation, OperationPath, Parameter } from './operation.js';

/** How one of the two versions of OpenAPI writes the parts of an operation. */
export interface OperationWriter {
  operation(operation: Operation, parameters: readonly Parameter[]): JsonObject;
  parameter(parameter: Parameter): JsonObject;
}

/** A path as both versions lay it out: what all operations have in common is told once, beside them. */
export function pathItem({ operations }: OperationPath, writer: OperationWriter): JsonObject {
  const common = commonParameters(operations);
  const own = (operation: Operation) => operation.parameters.filter((parameter) => !common.some((other) => same(other, parameter)));
  return {
    ...Object.fromEntries(operations.map((operation) => [operation.method, writer.operation(operation, sorted(own(operation)))])),
    ...(common.length > 0 && { parameters: sorted(common).map((parameter) => writer.parameter(parameter)) }),
  };
}

function commonParameters([first, ...rest]: readonly Operation[]): Parameter[] {
  return (first?.parameters ?? []).filter((parameter) =>
    rest.every(({ parameters }) => parameters.some((other) => same(other, parameter))),
  );
}

function same(a: Parameter, b: Parameter): boolean {
  return a.name === b.name && a.in === b.in && a.shared === b.shared && a.description === b.description;
}

function sorted(parameters: readonly Parameter[]): Parameter[] {
  return [...parameters].sort((a, b) => (a.name === b.name ? compare(a.in, b.in) : compare(a.name, b.name)));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The members that both versions share. */
export function operationHead({ description, id, tag, action, kind }: Operation): { before: JsonObject; after: JsonObject } {
  return {
    before: { description, operationId: id, tags: [tag] },
    after: {
      ...(action !== undefined && { 'x-kubernetes-action': action }),
      ...(kind && { 'x-kubernetes-group-version-kind': { group: kind.group, kind: kind.kind, version: kind.version } }),
    },
  };
}

const reasons: Readonly<Record<number, string>> = { 200: 'OK', 201: 'Created', 202: 'Accepted' };

/** Responses by code; `answer` writes what they hold. */
export function responses({ codes }: Operation, answer: JsonObject): JsonObject {
  const told = codes.map((code) => [code, { description: reasons[code] ?? '', ...answer }] as const);
  return Object.fromEntries([...told, [401, { description: 'Unauthorized' }]]);
}
