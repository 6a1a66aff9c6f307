import { quote } from '@keelson/machinery';
import { CelType } from '../../types/type.js';
import { elementAt, elements, findEntry, isList, isMapping, type List, listSize, type Mapping, mapKeys } from '../../values/collections.js';
import { Duration } from '../../values/duration.js';
import { EvaluationError } from '../../values/evaluation-error.js';
import { isInt } from '../../values/int.js';
import { formatDouble, plain } from '../../values/number-format.js';
import { runtimeType } from '../../values/runtime-type.js';
import { limitText } from '../../values/text-limit.js';
import { Timestamp } from '../../values/timestamp.js';
import { type CelValue, Double, Uint } from '../../values/value.js';

const DEFAULT_PRECISION = 6;
const MAX_PRECISION = 100;
const CLAUSE = /%(?:%|(\.\d+)?(.)?)/gs;

/** `'%s is %d'.format([a, b])`. */
export function formatString(format: string, args: List): string {
  let next = 0;
  let length = format.length;
  return format.replace(CLAUSE, (clause, precision: string | undefined, verb: string | undefined) => {
    if (clause === '%%') return '%';
    if (next >= listSize(args)) throw new EvaluationError(`index ${next} out of range`);
    if (clause === '%') throw new EvaluationError('unexpected end of string');
    const arg = elementAt(args, next++);
    const text = formatClause(verb, precision === undefined ? DEFAULT_PRECISION : Number(precision.slice(1)), arg);
    length += text.length;
    limitText(length);
    return text;
  });
}

function formatClause(verb: string | undefined, precision: number, arg: CelValue): string {
  const format = verb === undefined ? undefined : CLAUSES[verb];
  if (format === undefined) {
    throw new EvaluationError(
      verb === undefined
        ? 'could not parse formatting clause: error while parsing precision: could not find end of precision specifier'
        : `could not parse formatting clause: unrecognized formatting clause "${verb}"`,
    );
  }
  if (precision > MAX_PRECISION) throw new EvaluationError(`a precision cannot be more than ${MAX_PRECISION}`);
  return format(arg, precision);
}

const CLAUSES: Readonly<Record<string, ((arg: CelValue, precision: number) => string) | undefined>> = {
  s: text,
  d: (arg) => {
    if (isInt(arg)) return String(arg);
    if (arg instanceof Uint) return String(arg.value);
    throw refused('decimal clause can only be used on integers', arg);
  },
  f: (arg, precision) => fixed(number(arg, 'fixed-point'), precision),
  e: (arg, precision) => scientific(number(arg, 'scientific'), precision),
  b: (arg) => {
    if (typeof arg === 'boolean') return arg ? '1' : '0';
    return integer(arg, 2, 'only integers and bools can be formatted as binary');
  },
  x: hexadecimal,
  X: (arg) => hexadecimal(arg).toUpperCase(),
  o: (arg) => integer(arg, 8, 'octal clause can only be used on integers'),
};

function refused(why: string, arg: CelValue): EvaluationError {
  return new EvaluationError(`error during formatting: ${why}, was given ${runtimeType(arg).name}`);
}

function integer(arg: CelValue, radix: number, why: string): string {
  if (isInt(arg)) return arg.toString(radix);
  if (arg instanceof Uint) return arg.value.toString(radix);
  throw refused(why, arg);
}

function hexadecimal(arg: CelValue): string {
  if (typeof arg === 'string') return Buffer.from(arg).toString('hex');
  if (arg instanceof Uint8Array) return Buffer.from(arg).toString('hex');
  return integer(arg, 16, 'only integers, byte buffers, and strings can be formatted as hex');
}

const SPECIAL_NUMBERS: ReadonlyMap<CelValue, number> = new Map<CelValue, number>([
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
]);

function number(arg: CelValue, clause: string): number {
  const value = arg instanceof Double ? arg.value : SPECIAL_NUMBERS.get(arg);
  if (value === undefined) throw refused(`${clause} clause can only be used on doubles`, arg);
  return value;
}

/** With thousands separated, as the English print them. */
function fixed(value: number, precision: number): string {
  if (!Number.isFinite(value)) return special(value);
  const text = Math.abs(value) >= 1e21 ? `${plain(value)}${precision > 0 ? `.${'0'.repeat(precision)}` : ''}` : value.toFixed(precision);
  const [whole, fraction] = text.split('.') as [string, string?];
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** With the exponent as a power of ten written out. */
function scientific(value: number, precision: number): string {
  if (!Number.isFinite(value)) return special(value);
  const [digits, exponent] = value.toExponential(precision).split('e') as [string, string];
  const power = Math.abs(Number(exponent));
  return `${digits}\u202f\u00d7\u202f10${superscript(`${Number(exponent) < 0 ? '-' : ''}${String(power).padStart(2, '0')}`)}`;
}

function superscript(text: string): string {
  return text.replace(/[-\d]/g, (character) => (character === '-' ? '\u207b' : ('⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(character)] as string)));
}

function special(value: number): string {
  return Number.isNaN(value) ? 'NaN' : value > 0 ? '∞' : '-∞';
}

function text(arg: CelValue): string {
  if (typeof arg === 'string') return arg;
  if (arg === null) return 'null';
  if (typeof arg === 'boolean' || isInt(arg)) return String(arg);
  if (arg instanceof Uint) return String(arg.value);
  if (arg instanceof Double) return formatDouble(arg.value);
  if (arg instanceof Uint8Array) return Buffer.from(arg).toString();
  if (arg instanceof Timestamp || arg instanceof Duration) return String(arg);
  if (arg instanceof CelType) return arg.name;
  if (isList(arg)) return formatList(arg);
  if (isMapping(arg) && runtimeType(arg).kind === 'map') return formatMap(arg);
  throw refused(
    'string clause can only be used on strings, bools, bytes, ints, doubles, maps, lists, types, durations, and timestamps',
    arg,
  );
}

function formatList(list: List): string {
  return `[${[...elements(list)].map(member).join(', ')}]`;
}

function formatMap(map: Mapping): string {
  const pairs = [...mapKeys(map)].map((key) => {
    if (typeof key !== 'string' && typeof key !== 'boolean' && !isInt(key) && !(key instanceof Uint)) {
      throw new EvaluationError(`error during formatting: no formatting function for map key of type ${runtimeType(key).name}`);
    }
    return [member(key), member(findEntry(map, key) ?? null)] as const;
  });
  pairs.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return `{${pairs.map(([key, value]) => `${key}:${value}`).join(', ')}}`;
}

/** A value inside a list or map. */
function member(value: CelValue): string {
  if (typeof value === 'string') return quote(value);
  if (value instanceof Uint8Array) return `b${quote(text(value))}`;
  if (value instanceof Timestamp) return `timestamp(${quote(text(value))})`;
  if (value instanceof Duration) return `duration(${quote(text(value))})`;
  if (!(value instanceof Double)) return text(value);
  return Number.isFinite(value.value) ? value.value.toFixed(DEFAULT_PRECISION) : quote(formatDouble(value.value));
}
