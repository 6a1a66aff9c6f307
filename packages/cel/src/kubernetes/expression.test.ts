import { describe, expect, it } from 'vitest';
import { BOOL, INT } from '../types/type.js';
import { NEW_EXPRESSIONS } from './environments.js';
import { compileExpression } from './expression.js';

describe('an expression that can never be evaluated', () => {
  it.each([
    ["int('a') == 1", "type conversion error from 'string' to 'int'"],
    ['false && uint(-1) == 1u', 'unsigned integer overflow'],
    ["'abc'.find('(') == ''", 'error parsing regexp: missing closing ): `(`'],
    ["matches('abc', '(')", 'error parsing regexp: missing closing ): `(`'],
  ])('is refused as a fault of the server: %s', (text, why) => {
    const { problem, isInternal } = compileExpression(text, NEW_EXPRESSIONS, BOOL);
    expect({ problem, isInternal }).toEqual({ problem: `program instantiation failed: ${why}`, isInternal: true });
  });

  it('is of a wrong type before that', () => {
    const { problem, isInternal } = compileExpression("int('a')", NEW_EXPRESSIONS, BOOL);
    expect({ problem, isInternal }).toEqual({ problem: 'must evaluate to bool but got int', isInternal: false });
  });

  it('may have passed where it was of use', () => {
    expect(compileExpression("int('1')", NEW_EXPRESSIONS, INT).program?.evaluate({}).value).toBe(1);
  });
});
