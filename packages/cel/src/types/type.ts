/** A type of CEL. Types are values too: `type(x) == int`. */
export type TypeKind =
  | 'bool'
  | 'int'
  | 'uint'
  | 'double'
  | 'string'
  | 'bytes'
  | 'null'
  | 'timestamp'
  | 'duration'
  | 'dyn'
  | 'any'
  | 'error'
  | 'list'
  | 'map'
  | 'type'
  | 'parameter'
  | 'opaque'
  | 'struct';

export class CelType {
  constructor(
    readonly kind: TypeKind,
    /** As `string(type)` and errors at run time name it. */
    readonly name: string,
    readonly parameters: readonly CelType[] = [],
  ) {}

  /** The same type made of others. */
  with(parameters: readonly CelType[]): CelType {
    return new CelType(this.kind, this.name, parameters);
  }

  /** By the names that types have at run time, as messages of Kubernetes show them. */
  describe(): string {
    if (this.parameters.length === 0) return this.name;
    return `${this.name}(${this.parameters.map((parameter) => parameter.describe()).join(', ')})`;
  }

  /** The name of the type as errors of the type checker show it. */
  toString(): string {
    const name = CHECKER_NAMES.get(this.kind) ?? this.name;
    return this.parameters.length === 0 ? name : `${this.name}(${this.parameters.join(', ')})`;
  }
}

const CHECKER_NAMES: ReadonlyMap<TypeKind, string> = new Map([
  ['duration', 'duration'],
  ['timestamp', 'timestamp'],
  ['null', 'null'],
  ['error', '!error!'],
]);

export const BOOL = new CelType('bool', 'bool');
export const INT = new CelType('int', 'int');
export const UINT = new CelType('uint', 'uint');
export const DOUBLE = new CelType('double', 'double');
export const STRING = new CelType('string', 'string');
export const BYTES = new CelType('bytes', 'bytes');
export const NULL = new CelType('null', 'null_type');
export const TIMESTAMP = new CelType('timestamp', 'google.protobuf.Timestamp');
export const DURATION = new CelType('duration', 'google.protobuf.Duration');
export const DYN = new CelType('dyn', 'dyn');
/** As dyn, of values that come from outside. */
export const ANY = new CelType('any', 'any');
/** Of what failed to type-check; assignable to and from everything, so that one error is not followed by others. */
export const ERROR = new CelType('error', '*error*');
export const TYPE = new CelType('type', 'type');

export function listOf(element: CelType): CelType {
  return new CelType('list', 'list', [element]);
}

export function mapOf(key: CelType, value: CelType): CelType {
  return new CelType('map', 'map', [key, value]);
}

export function typeOf(type: CelType): CelType {
  return new CelType('type', 'type', [type]);
}

export function optionalOf(type: CelType): CelType {
  return new CelType('opaque', 'optional_type', [type]);
}

export function opaque(name: string, ...parameters: CelType[]): CelType {
  return new CelType('opaque', name, parameters);
}

/** An object with declared fields, which the environment's type provider knows by this name. */
export function structType(name: string): CelType {
  return new CelType('struct', name);
}

export function typeParameter(name: string): CelType {
  return new CelType('parameter', name);
}

export const LIST = listOf(DYN);
export const MAP = mapOf(DYN, DYN);
export const OPTIONAL = optionalOf(DYN);

export function isOptional(type: CelType): boolean {
  return type.kind === 'opaque' && type.name === 'optional_type';
}

/** What an optional holds, or the type itself when it is none. */
export function withoutOptional(type: CelType): CelType {
  return isOptional(type) ? (type.parameters[0] as CelType) : type;
}

export function isDyn(type: CelType): boolean {
  return type.kind === 'dyn' || type.kind === 'any';
}

export function sameType(a: CelType, b: CelType): boolean {
  if (a === b) return true;
  if (a.kind !== b.kind || a.name !== b.name || a.parameters.length !== b.parameters.length) return false;
  return a.parameters.every((parameter, i) => sameType(parameter, b.parameters[i] as CelType));
}
