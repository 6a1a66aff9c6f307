import { findElement, findEntry, isList, isMapping } from '../values/collections.js';
import { display } from '../values/display.js';
import { EvaluationError } from '../values/evaluation-error.js';
import { type CelValue, Opaque, Optional } from '../values/value.js';

/** `container[key]`, and `container.key`. Of an optional container the result is optional. */
export function select(container: CelValue, key: CelValue): CelValue {
  if (container instanceof Optional) return selectOptionally(container, key);
  const found = find(container, key);
  if (found !== undefined) return found;
  throw new EvaluationError(isList(container) ? `index out of bounds: ${display(key)}` : `no such key: ${display(key)}`);
}

/** `container[?key]`, and `container.?key`. */
export function selectOptionally(container: CelValue, key: CelValue): Optional {
  if (!(container instanceof Optional)) return optional(find(container, key));
  return container.value === undefined ? container : optional(find(container.value, key));
}

/** `has(container.key)`. */
export function has(container: CelValue, key: CelValue): boolean {
  if (container instanceof Optional) return container.value !== undefined && find(container.value, key) !== undefined;
  return find(container, key) !== undefined;
}

function optional(value: CelValue | undefined): Optional {
  return value === undefined ? Optional.none : Optional.of(value);
}

function find(container: CelValue, key: CelValue): CelValue | undefined {
  if (isMapping(container)) return findEntry(container, key);
  if (isList(container)) return findElement(container, key);
  return container instanceof Opaque ? container.find(key) : undefined;
}
