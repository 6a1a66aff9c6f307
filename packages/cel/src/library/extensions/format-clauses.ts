import { EvaluationError } from '../../values/evaluation-error.js';
import { int } from '../../values/int.js';

const VERBS = ['s', 'd', 'f', 'e', 'b', 'x', 'X', 'o'] as const;
export type Verb = (typeof VERBS)[number];

/** What a clause such as `%.2f` asks for. */
export interface Clause {
  readonly verb: Verb;
  /** Undefined where none is written. */
  readonly precision: number | undefined;
}

const CLAUSE = /%(?:%|(\.(\d*))?(.)?)/gsu;
const CLAUSE_WRONG = 'could not parse formatting clause: ';
const PRECISION_WRONG = `${CLAUSE_WRONG}error while parsing precision: `;

/**
 * The format with what `write` makes of each clause, which is told the index of its argument. `argument`: called before a
 * clause is read. Throws with cel-go's words.
 */
export function interpolate(format: string, argument: (index: number) => void, write: (clause: Clause, index: number) => string): string {
  let next = 0;
  return format.replace(CLAUSE, (text, dot: string | undefined, digits = '', verb?: string) => {
    if (text === '%%') return '%';
    argument(next);
    if (text === '%') throw new EvaluationError('unexpected end of string');
    return write({ precision: dot === undefined ? undefined : precisionOf(digits, verb), verb: verbOf(verb as string) }, next++);
  });
}

export function outOfRange(index: number): EvaluationError {
  return new EvaluationError(`index ${index} out of range`);
}

function precisionOf(digits: string, verb: string | undefined): number {
  const fail = (message: string): never => {
    throw new EvaluationError(`${PRECISION_WRONG}${message}`);
  };
  if (verb === undefined) fail('could not find end of precision specifier');
  const why = digits === '' ? 'invalid syntax' : fits(digits) ? undefined : 'value out of range';
  if (why !== undefined) fail(`error while converting precision to integer: strconv.Atoi: parsing "${digits}": ${why}`);
  return Number(digits);
}

function fits(digits: string): boolean {
  try {
    int(BigInt(digits));
    return true;
  } catch {
    return false;
  }
}

function verbOf(verb: string): Verb {
  const known = VERBS.find((one) => one === verb);
  if (known !== undefined) return known;
  // cel-go looks at bytes, and shows the first of a character.
  const byte = String.fromCharCode(Buffer.from(verb)[0] as number);
  throw new EvaluationError(`${CLAUSE_WRONG}unrecognized formatting clause "${byte}"`);
}
