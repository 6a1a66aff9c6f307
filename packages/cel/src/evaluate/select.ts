import { costs } from '../cost/costs.js';
import { findElement, findEntry, isList, isMapping } from '../values/collections.js';
import { display } from '../values/display.js';
import { EvaluationError } from '../values/evaluation-error.js';
import { type CelValue, Opaque, Optional } from '../values/value.js';
import type { Run } from './run.js';

/** `container[key]`, and `container.key`. Of an optional container the result is optional. */
export function select(run: Run, container: CelValue, key: CelValue): CelValue {
  if (container instanceof Optional) return selectOptionally(run, container, key);
  run.charge(costs.select);
  const found = find(container, key);
  if (found !== undefined) return found;
  throw new EvaluationError(isList(container) ? `index out of bounds: ${display(key)}` : `no such key: ${display(key)}`);
}

/** `container[?key]`, and `container.?key`. Costs something only where there is something. */
export function selectOptionally(run: Run, container: CelValue, key: CelValue): Optional {
  const within = container instanceof Optional ? container.value : container;
  const found = within === undefined ? undefined : find(within, key);
  if (found === undefined) return Optional.none;
  run.charge(costs.select);
  return Optional.of(found);
}

/** `has(container.key)`. */
export function has(run: Run, container: CelValue, key: CelValue): boolean {
  if (container instanceof Optional) return selectOptionally(run, container, key).value !== undefined;
  run.charge(costs.select);
  return find(container, key) !== undefined;
}

function find(container: CelValue, key: CelValue): CelValue | undefined {
  if (isMapping(container)) return findEntry(container, key);
  if (isList(container)) return findElement(container, key);
  return container instanceof Opaque ? container.find(key) : undefined;
}
