import type { FunctionDeclaration, Overload } from '../environment/declarations.js';
import type { Environment } from '../environment/environment.js';
import type { Source } from '../source/source.js';
import type { Expression } from '../syntax/expression.js';
import type { CelType } from '../types/type.js';

/** What a name or a call means. */
export type Reference =
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'type'; readonly type: CelType }
  | {
      readonly kind: 'function';
      readonly declaration: FunctionDeclaration;
      /** All whose arguments fit; more than one where a type is only known at run time. */
      readonly overloads: readonly Overload[];
      /** The target belongs to the name of the function, as in `optional.of(x)`. */
      readonly qualified: boolean;
    };

/** An expression in which every name and every call has a meaning and every node a type. */
export interface CheckedExpression {
  readonly source: Source;
  readonly root: Expression;
  readonly environment: Environment;
  readonly types: ReadonlyMap<Expression, CelType>;
  readonly references: ReadonlyMap<Expression, Reference>;
}

export function typeIn(checked: CheckedExpression, expression: Expression): CelType {
  return checked.types.get(expression) as CelType;
}
