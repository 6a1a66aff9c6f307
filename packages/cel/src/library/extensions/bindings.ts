import type { Library } from '../../environment/environment.js';
import type { Expression } from '../../syntax/expression.js';
import { Builder, type Expander, MacroError, macroKey } from '../../syntax/macros.js';

/** `cel.bind(name, value, body)`. */
const bind: Expander = (at, target, args) => {
  if (target.kind !== 'identifier' || target.name !== 'cel') return undefined;
  const [variable, value, body] = args as readonly [Expression, Expression, Expression];
  if (variable.kind !== 'identifier') throw new MacroError(variable.at, 'cel.bind() variable names must be simple identifiers');
  return new Builder(at).bind(variable.name, value, body);
};

/** cel-go's extension of names for values. */
export const BINDINGS: Library = { functions: [], macros: new Map([[macroKey('bind', 3, true), bind]]) };
