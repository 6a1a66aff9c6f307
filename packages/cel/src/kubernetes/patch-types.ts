import type { Json, JsonObject } from '@keelson/machinery';
import type { StructDeclaration, Types } from '../environment/environment.js';
import { type CelType, DYN, listOf, STRING, structType } from '../types/type.js';
import { elements, findEntry, isList, isMapping, mapKeys } from '../values/collections.js';
import { EvaluationError } from '../values/evaluation-error.js';
import { toJson } from '../values/to-json.js';
import { CelMap, type CelValue } from '../values/value.js';

/** What an expression that is an apply configuration evaluates to. */
export const APPLY_CONFIGURATION = structType('Object');
const OPERATION = structType('JSONPatch');
/** What an expression that is a JSON patch evaluates to. */
export const JSON_PATCH = listOf(OPERATION);

const operationFields: ReadonlyMap<string, CelType> = new Map([
  ['op', STRING],
  ['path', STRING],
  ['from', STRING],
  ['value', DYN],
]);

/** Of every other field: nothing is of this type. */
const noType = structType('');

/** Types of what mutations are made of: `JSONPatch`, `Object`, `Object.spec`, `Object.spec.template`, … */
export const patchTypes: Types = {
  struct(name) {
    if (name === OPERATION.name) return declaration(OPERATION, (field) => operationFields.get(field) ?? noType);
    const root = APPLY_CONFIGURATION.name;
    return name === root || name.startsWith(`${root}.`) ? declaration(structType(name), () => DYN) : undefined;
  },
};

function declaration(type: CelType, field: (name: string) => CelType | undefined): StructDeclaration {
  return { field, construct: (fields) => new Constructed(type, fields) };
}

class Constructed extends CelMap {
  constructor(
    private readonly ownType: CelType,
    private readonly fields: ReadonlyMap<string, CelValue>,
  ) {
    super();
  }

  override get type(): CelType {
    return this.ownType;
  }

  get size(): number {
    return this.fields.size;
  }

  find(key: CelValue): CelValue | undefined {
    return typeof key === 'string' ? this.fields.get(key) : undefined;
  }

  keys(): Iterable<CelValue> {
    return this.fields.keys();
  }
}

/** What an expression has made is no patch. */
export class PatchTypeError extends Error {}

/** The apply configuration that an expression of the type `Object` has made. Throws PatchTypeError. */
export function configurationOf(value: CelValue): JsonObject {
  requirePlaces(value);
  return json(value, '') as JsonObject;
}

/** The operations that an expression of the type `list(JSONPatch)` has made. Throws PatchTypeError. */
export function operationsOf(value: CelValue): JsonObject[] {
  if (!isList(value)) return [];
  return Array.from(elements(value), (operation) => {
    if (operation instanceof Constructed) requirePlaces(operation.find('value') ?? null);
    const fields = json(operation, 'JSONPath valueExpression evaluated to a type that could not marshal to JSON: ') as JsonObject;
    const { op = '', path = '', from = '', ...rest } = fields;
    return { op, path, ...(from !== '' && { from }), ...rest };
  });
}

function json(value: CelValue, otherwise: string): Json {
  try {
    return toJson(value) as Json;
  } catch (error) {
    throw error instanceof EvaluationError ? new PatchTypeError(`${otherwise}${error.message}`) : error;
  }
}

/** Objects must be of the type that their place in the whole names. Nothing checks that before: a field may be of any type. */
function requirePlaces(value: CelValue): void {
  if (!(value instanceof Constructed)) return;
  const problems = misplaced(value, value.type.name);
  if (problems.length > 0) throw new PatchTypeError(`type mismatch: ${problems.join('\n')}`);
}

function misplaced(value: CelValue, place: string): string[] {
  if (isList(value)) return Array.from(elements(value), (element) => misplaced(element, place)).flat();
  if (!isMapping(value)) return [];
  const type = value instanceof Constructed ? value.type : undefined;
  const within = Array.from(mapKeys(value), (key) => misplaced(findEntry(value, key) ?? null, type ? `${place}.${key}` : place));
  if (type === undefined || type.name === place) return within.flat();
  const wrong = `unexpected type name "${type.name}", expected "${place}", which matches field name path from root Object type`;
  return [wrong, ...within.flat()];
}
