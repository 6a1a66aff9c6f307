import { compile } from '../compile.js';
import { estimateCost } from '../cost/estimate.js';
import type { Range } from '../cost/range.js';
import { BINDINGS } from '../library/extensions/bindings.js';
import { QUANTITY } from '../library/kubernetes/quantity.js';
import { declaredTypes } from '../types/declared-types.js';
import { ANY, BOOL, mapOf, STRING, structType } from '../types/type.js';
import { NEW_EXPRESSIONS, STORED_EXPRESSIONS } from './environments.js';
import { failureOf } from './expression.js';

const DEVICE = structType('kubernetes.DRADevice');
const FIELDS = { driver: STRING, attributes: mapOf(STRING, mapOf(STRING, ANY)), capacity: mapOf(STRING, mapOf(STRING, QUANTITY)) };

const environments = {
  forNew: NEW_EXPRESSIONS.extend({
    libraries: [BINDINGS],
    variables: { device: DEVICE },
    types: declaredTypes({ [DEVICE.name]: FIELDS }),
  }),
  forStored: STORED_EXPRESSIONS.extend({
    libraries: [BINDINGS],
    variables: { device: DEVICE },
    types: declaredTypes({ [DEVICE.name]: { ...FIELDS, allowMultipleAllocations: BOOL } }),
  }),
};

/** Cost of the dearest selector. */
const MAX_COST = 1_000_000;
const MAX_DRIVER_LENGTH = 63;
const MAX_DOMAIN_LENGTH = 63;
const MAX_ID_LENGTH = 32;
const MAX_VALUE_LENGTH = 64;
const MAX_ENTRIES = 32;

/** What is wrong with an expression that selects devices (KEP-4381). `kind`: whether it is too complex, or wrong. */
export function deviceSelectorProblem(
  expression: string,
  stored: boolean,
): { readonly kind: 'invalid' | 'forbidden' | 'internal'; readonly detail: string } | undefined {
  const { program, errors } = compile(expression, stored ? environments.forStored : environments.forNew);
  if (program === undefined) return { kind: 'invalid', detail: `compilation failed: ${errors}` };
  const { resultType } = program;
  if (resultType.kind !== 'bool' && resultType.kind !== 'any') {
    return { kind: 'invalid', detail: `must evaluate to bool or the unknown type, not ${resultType.describe()}` };
  }
  const failure = failureOf(program);
  if (failure !== undefined) return { kind: 'internal', detail: failure };
  const { max } = estimateCost(program.checked, sizeOf);
  return max > MAX_COST ? { kind: 'forbidden', detail: 'too complex, exceeds cost limit' } : undefined;
}

/** `device.driver`, or maps of domains, of maps of names, of values. */
function sizeOf([root, field, ...below]: readonly string[]): Range | undefined {
  if (root !== 'device') return undefined;
  if (field === 'driver') return below.length === 0 ? { min: 0, max: MAX_DRIVER_LENGTH } : undefined;
  if (field !== 'attributes' && field !== 'capacity') return undefined;
  const key = below.at(-1) === '@keys';
  const keySize = below.length === 1 ? MAX_DOMAIN_LENGTH : MAX_ID_LENGTH;
  const valueSize = field === 'attributes' ? MAX_VALUE_LENGTH : 0;
  if (below.length > 2) return undefined;
  return { min: 0, max: key ? keySize : below.length === 2 ? valueSize : MAX_ENTRIES };
}
