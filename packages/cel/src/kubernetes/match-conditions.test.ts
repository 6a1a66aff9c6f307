import { describe, expect, it } from 'vitest';
import { admissionEnvironments } from './admission.js';
import { aggregate, MatchConditions, type MatchOutcome } from './match-conditions.js';

const { forStored } = admissionEnvironments({ params: false, authorizer: true });
const object = { metadata: { name: 'web' }, list: Array.from({ length: 1000 }, (_, i) => i) };

function outcome(...expressions: string[]): Promise<MatchOutcome> {
  const conditions = expressions.map((expression, i) => ({ name: `c${i}`, expression }));
  return new MatchConditions(conditions, forStored).evaluate({ object, oldObject: null, request: null });
}

const failing = 'object.nothing == 1';
const failure = "expression 'object.nothing == 1' resulted in error: no such key: nothing";

describe('match conditions', () => {
  it('must all hold', async () => {
    expect(await outcome('true', 'object.metadata.name == "web"')).toEqual({ matches: true });
    expect(await outcome('true', 'false', 'object.metadata.name == "other"')).toEqual({ matches: false, failed: 'c1' });
  });

  it('that do not hold decide, even where others fail', async () => {
    expect(await outcome(failing, 'false')).toEqual({ matches: false, failed: 'c1' });
    expect(await outcome('true', failing)).toEqual({ matches: undefined, error: failure });
  });

  it('tell all that fails, each once', async () => {
    const wrong =
      "compilation error: compilation failed: ERROR: <input>:1:1: undeclared reference to 'wrong' (in container '')\n | wrong\n | ^";
    expect(await outcome(failing, 'wrong', failing)).toEqual({ matches: undefined, error: `[${failure}, ${wrong}]` });
    expect(aggregate(['a', 'a'])).toBe('a');
  });

  it('may cost no more together than is allowed', async () => {
    const dear = 'object.list.all(a, object.list.size() > 0 && object.list.size() > 1 && object.list.size() > 2 && a >= 0)';
    expect(await outcome(dear)).toEqual({ matches: true });
    expect(await outcome(...new Array<string>(200).fill(dear))).toEqual({
      matches: undefined,
      error: 'validation failed due to running out of cost budget, no further validation rules will be run',
    });
  });
});
