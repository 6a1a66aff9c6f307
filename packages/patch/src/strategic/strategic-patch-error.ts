import type { Json, JsonObject } from '@keelson/machinery';
import { formatPlain, typeName } from '../go-format.js';

/**
 * Why a strategic merge patch cannot be applied.
 * `format`: a directive is malformed (400); `unprocessable`: the values cannot be merged at all (422);
 * `other`: Kubernetes answers 500 with the bare text.
 */
export type StrategicPatchFault = 'format' | 'unprocessable' | 'other';

export class StrategicPatchError extends Error {
  override readonly name = 'StrategicPatchError';
  readonly fault: StrategicPatchFault;
  /** The message without the values it shows. */
  readonly problem: string;

  constructor(message: string, fault: StrategicPatchFault = 'other', problem = message) {
    super(message);
    this.fault = fault;
    this.problem = problem;
  }
}

export function badFormat(what: 'primitive list' | 'retainKeys' | 'setElementOrder list'): StrategicPatchError {
  return new StrategicPatchError(`invalid patch format of ${what}`, 'format');
}

export function badArgument(expected: Json, actual: Json): StrategicPatchError {
  return new StrategicPatchError(`expected a ${typeName(expected)}, but received a ${typeName(actual)}`);
}

export function noMergeKey(item: JsonObject, mergeKey: string): StrategicPatchError {
  const problem = `does not contain declared merge key: ${mergeKey}`;
  return new StrategicPatchError(`map: ${formatPlain(item)} ${problem}`, 'other', `map ${problem}`);
}

export function unknownDirective(directive: Json, item: JsonObject): StrategicPatchError {
  const shown = typeof directive === 'string' || directive === null ? directive : `%!s(${typeName(directive)}=${formatPlain(directive)})`;
  return new StrategicPatchError(
    `unknown patch type: ${shown ?? '%!s(<nil>)'} in map: ${formatPlain(item)}`,
    'other',
    'unknown patch type',
  );
}
