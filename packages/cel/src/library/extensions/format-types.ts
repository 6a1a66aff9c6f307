import type { CelType, TypeKind } from '../../types/type.js';
import { EvaluationError } from '../../values/evaluation-error.js';
import type { Verb } from './format-clauses.js';

const INTEGERS: ReadonlySet<TypeKind> = new Set(['int', 'uint']);
// Texts are those of what no number is: `Infinity`.
const DOUBLES: ReadonlySet<TypeKind> = new Set(['double', 'string']);
const HEXADECIMAL: ReadonlySet<TypeKind> = new Set(['int', 'uint', 'string', 'bytes']);
/** What has a text. */
export const FORMATTED: ReadonlySet<TypeKind> = new Set([
  'list',
  'map',
  'int',
  'uint',
  'double',
  'bool',
  'string',
  'timestamp',
  'bytes',
  'duration',
  'type',
  'null',
]);

/** What the clauses of formats take. */
export const ACCEPTED: Readonly<Record<Verb, ReadonlySet<TypeKind>>> = {
  s: FORMATTED,
  d: INTEGERS,
  f: DOUBLES,
  e: DOUBLES,
  b: new Set(['int', 'uint', 'bool']),
  x: HEXADECIMAL,
  X: HEXADECIMAL,
  o: INTEGERS,
};

const HEXADECIMAL_REFUSED = 'only integers, byte buffers, and strings can be formatted as hex';
const REFUSED: Readonly<Record<Verb, string>> = {
  s: 'string clause can only be used on strings, bools, bytes, ints, doubles, maps, lists, types, durations, and timestamps',
  d: 'decimal clause can only be used on integers',
  f: 'fixed-point clause can only be used on doubles',
  e: 'scientific clause can only be used on doubles',
  b: 'only integers and bools can be formatted as binary',
  x: HEXADECIMAL_REFUSED,
  X: HEXADECIMAL_REFUSED,
  o: 'octal clause can only be used on integers',
};

export function refusedType(verb: Verb, { name }: CelType): EvaluationError {
  return new EvaluationError(`error during formatting: ${REFUSED[verb]}, was given ${name}`);
}
