import type { Macros } from '../syntax/macros.js';
import { type CelType, structType, typeOf } from '../types/type.js';
import type { CelMap, CelValue } from '../values/value.js';
import type { FunctionDeclaration } from './declarations.js';

/** A type with declared fields. */
export interface StructDeclaration {
  /** Undefined for a field that it does not have. */
  field(name: string): CelType | undefined;
  /** Makes a value of `Type{field: value}`. Absent: it cannot be made by expressions. */
  construct?(fields: ReadonlyMap<string, CelValue>): CelMap | CelValue;
}

export interface Types {
  /** Undefined where there is no type of that name. */
  struct(name: string): StructDeclaration | undefined;
}

/** Functions and macros that belong together. */
export interface Library {
  readonly functions: readonly FunctionDeclaration[];
  readonly macros?: Macros;
  /** Names of types that expressions may use as values. */
  readonly types?: readonly CelType[];
}

export interface Additions {
  readonly libraries?: readonly Library[];
  readonly variables?: Readonly<Record<string, CelType>>;
  readonly types?: Types;
}

/**
 * What expressions may use: functions, variables, types. Immutable; `extend` is cheap, but for added libraries.
 */
export class Environment {
  static readonly empty = new Environment(new Map(), new Map(), new Map(), new Map(), []);

  private constructor(
    readonly functions: ReadonlyMap<string, FunctionDeclaration>,
    readonly macros: Macros,
    private readonly variables: ReadonlyMap<string, CelType>,
    private readonly namedTypes: ReadonlyMap<string, CelType>,
    private readonly types: readonly Types[],
  ) {}

  extend({ libraries = [], variables = {}, types }: Additions): Environment {
    if (libraries.length === 0) {
      return new Environment(
        this.functions,
        this.macros,
        new Map([...this.variables, ...Object.entries(variables)]),
        this.namedTypes,
        types === undefined ? this.types : [types, ...this.types],
      );
    }
    const functions = new Map(this.functions);
    const macros = new Map(this.macros);
    const namedTypes = new Map(this.namedTypes);
    for (const library of libraries) {
      for (const declaration of library.functions) functions.set(declaration.name, merged(functions.get(declaration.name), declaration));
      for (const [key, macro] of library.macros ?? []) macros.set(key, macro);
      for (const type of library.types ?? []) namedTypes.set(type.name, type);
    }
    return new Environment(functions, macros, this.variables, namedTypes, this.types).extend({ variables, ...(types && { types }) });
  }

  /** The type of a variable, or of the name of a type. */
  identifier(name: string): Identified | undefined {
    const variable = this.variables.get(name);
    if (variable !== undefined) return { type: variable };
    const named = this.namedTypes.get(name) ?? (this.struct(name) && structType(name));
    return named && { type: typeOf(named), value: named };
  }

  struct(name: string): StructDeclaration | undefined {
    for (const types of this.types) {
      const found = types.struct(name);
      if (found !== undefined) return found;
    }
    return undefined;
  }
}

export interface Identified {
  readonly type: CelType;
  /** Of the name of a type: the type. */
  readonly value?: CelType;
}

function merged(known: FunctionDeclaration | undefined, added: FunctionDeclaration): FunctionDeclaration {
  if (known === undefined) return added;
  const overloads = [...known.overloads, ...added.overloads.filter(({ id }) => !known.overloads.some((other) => other.id === id))];
  return { ...known, overloads };
}
