import type { StructDeclaration, Types } from '../environment/environment.js';
import type { CelType } from './type.js';

/** Types by name, each with the types of its fields. */
export type Declarations = Readonly<Record<string, Readonly<Record<string, CelType>>>>;

export function declaredTypes(declarations: Declarations): Types {
  const structs = new Map<string, StructDeclaration>(
    Object.entries(declarations).map(([name, fields]) => {
      const types = new Map(Object.entries(fields));
      return [name, { field: (field: string) => types.get(field) }];
    }),
  );
  return { struct: (name) => structs.get(name) };
}
