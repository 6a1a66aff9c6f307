import type { TypeKind } from '../types/type.js';
import { elementAt, findEntry, isList, isMapping, listSize, mapKeys } from '../values/collections.js';
import { EvaluationError } from '../values/evaluation-error.js';
import { runtimeType } from '../values/runtime-type.js';
import { type CelValue, Optional } from '../values/value.js';
import { attempt } from './attempt.js';
import type { Code, Run } from './run.js';

/** A loop over a list or map. Numbers are slots of the run's locals. */
export interface Loop {
  readonly range: Code;
  readonly initial: Code;
  readonly accumulator: number;
  readonly variable: number;
  readonly second: number | undefined;
  readonly condition: Code;
  readonly step: Code;
  readonly result: Code;
}

export function fold(loop: Loop): Code {
  return (run) => {
    const range = loop.range(run);
    run.locals[loop.accumulator] = attempt(loop.initial, run);
    iterate(loop, range, run);
    return loop.result(run);
  };
}

function iterate(loop: Loop, range: CelValue, run: Run): void {
  if (isList(range)) {
    for (let i = 0; i < listSize(range); i++) {
      const element = elementAt(range, i);
      if (!(loop.second === undefined ? turn(loop, run, element) : turn(loop, run, i, element))) return;
    }
  } else if (isMapping(range)) {
    for (const key of mapKeys(range)) {
      const value = loop.second === undefined ? undefined : (findEntry(range, key) ?? null);
      if (!turn(loop, run, key, value)) return;
    }
  } else throw new EvaluationError(`got '${goType(range)}', expected iterable type`);
}

const GO_TYPES: ReadonlyMap<TypeKind, string> = new Map([
  ['bool', 'types.Bool'],
  ['bytes', 'types.Bytes'],
  ['double', 'types.Double'],
  ['duration', 'types.Duration'],
  ['int', 'types.Int'],
  ['null', 'types.Null'],
  ['string', 'types.String'],
  ['timestamp', 'types.Timestamp'],
  ['type', '*types.Type'],
  ['uint', 'types.Uint'],
]);

/** Kubernetes names the type by which its own language knows such values. */
function goType(value: CelValue): string {
  const { kind, name } = runtimeType(value);
  return GO_TYPES.get(kind) ?? (value instanceof Optional ? '*types.Optional' : name);
}

/** One turn. False where the loop ends before it. An error becomes the value of the accumulator, so that a later turn may absorb it. */
function turn(loop: Loop, run: Run, first: CelValue, second?: CelValue): boolean {
  run.locals[loop.variable] = first;
  if (loop.second !== undefined) run.locals[loop.second] = second ?? null;
  if (attempt(loop.condition, run) === false) return false;
  run.locals[loop.accumulator] = attempt(loop.step, run);
  return true;
}
