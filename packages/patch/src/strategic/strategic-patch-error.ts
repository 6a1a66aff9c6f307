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

  constructor(message: string, fault: StrategicPatchFault = 'other') {
    super(message);
    this.fault = fault;
  }
}

export function badFormat(what: 'primitive list' | 'retainKeys' | 'setElementOrder list'): StrategicPatchError {
  return new StrategicPatchError(`invalid patch format of ${what}`, 'format');
}

export function badArgument(expected: Json, actual: Json): StrategicPatchError {
  return new StrategicPatchError(`expected a ${typeName(expected)}, but received a ${typeName(actual)}`);
}

export function noMergeKey(item: JsonObject, mergeKey: string): StrategicPatchError {
  return new StrategicPatchError(`map: ${formatPlain(item)} does not contain declared merge key: ${mergeKey}`);
}

export function unknownDirective(directive: Json, item: JsonObject): StrategicPatchError {
  const shown = typeof directive === 'string' || directive === null ? directive : `%!s(${typeName(directive)}=${formatPlain(directive)})`;
  return new StrategicPatchError(`unknown patch type: ${shown ?? '%!s(<nil>)'} in map: ${formatPlain(item)}`);
}
