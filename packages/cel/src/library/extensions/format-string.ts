import { quote } from '@keelson/machinery';
import { CelType } from '../../types/type.js';
import { elementAt, elements, findEntry, isList, isMapping, type List, listSize, type Mapping, mapKeys } from '../../values/collections.js';
import { Duration } from '../../values/duration.js';
import { EvaluationError } from '../../values/evaluation-error.js';
import { isInt } from '../../values/int.js';
import { decimals, formatDouble } from '../../values/number-format.js';
import { runtimeType } from '../../values/runtime-type.js';
import { limitText } from '../../values/text-limit.js';
import { Timestamp } from '../../values/timestamp.js';
import { type CelValue, Double, Uint } from '../../values/value.js';
import { interpolate, outOfRange, type Verb } from './format-clauses.js';
import { FORMATTED, refusedType } from './format-types.js';

const DEFAULT_PRECISION = 6;
const MAX_PRECISION = 100;

/** `'%s is %d'.format([a, b])`. */
export function formatString(format: string, args: List): string {
  let length = format.length;
  const argument = (index: number) => {
    if (index >= listSize(args)) throw outOfRange(index);
  };
  return interpolate(format, argument, ({ verb, precision = DEFAULT_PRECISION }, index) => {
    if (precision > MAX_PRECISION) throw new EvaluationError(`a precision cannot be more than ${MAX_PRECISION}`);
    const text = CLAUSES[verb](elementAt(args, index), precision);
    length += text.length;
    limitText(length);
    return text;
  });
}

const CLAUSES: Readonly<Record<Verb, (arg: CelValue, precision: number) => string>> = {
  s: text,
  d: (arg) => {
    if (isInt(arg)) return String(arg);
    if (arg instanceof Uint) return String(arg.value);
    throw refused('d', arg);
  },
  f: (arg, precision) => fixed(number(arg, 'f'), precision),
  e: (arg, width) => scientific(number(arg, 'e')).padStart(width),
  b: (arg) => {
    if (typeof arg === 'boolean') return arg ? '1' : '0';
    return integer(arg, 2, 'b');
  },
  x: hexadecimal,
  X: (arg) => hexadecimal(arg).toUpperCase(),
  o: (arg) => integer(arg, 8, 'o'),
};

function refused(verb: Verb, arg: CelValue): EvaluationError {
  return refusedType(verb, runtimeType(arg));
}

function integer(arg: CelValue, radix: number, verb: Verb): string {
  if (isInt(arg)) return arg.toString(radix);
  if (arg instanceof Uint) return arg.value.toString(radix);
  throw refused(verb, arg);
}

function hexadecimal(arg: CelValue): string {
  if (typeof arg === 'string') return Buffer.from(arg).toString('hex');
  if (arg instanceof Uint8Array) return Buffer.from(arg).toString('hex');
  return integer(arg, 16, 'x');
}

const SPECIAL_NUMBERS: ReadonlyMap<CelValue, number> = new Map<CelValue, number>([
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
]);

function number(arg: CelValue, verb: Verb): number {
  const value = arg instanceof Double ? arg.value : SPECIAL_NUMBERS.get(arg);
  if (value === undefined) throw refused(verb, arg);
  return value;
}

/** With thousands separated, as the English print them. */
function fixed(value: number, precision: number): string {
  if (!Number.isFinite(value)) return special(value);
  const [whole, fraction] = decimals(value, precision).split('.') as [string, string?];
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** With the exponent as a power of ten written out. What is written as a precision is a width to cel-go. */
function scientific(value: number): string {
  if (!Number.isFinite(value)) return special(value);
  const [digits, exponent] = value.toExponential(DEFAULT_PRECISION).split('e') as [string, string];
  const power = Math.abs(Number(exponent));
  return `${digits}\u00d710${superscript(`${Number(exponent) < 0 ? '-' : ''}${String(power).padStart(2, '0')}`)}`;
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
  throw refused('s', arg);
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
  if (value instanceof Double)
    return Number.isFinite(value.value) ? decimals(value.value, DEFAULT_PRECISION) : quote(formatDouble(value.value));
  if (FORMATTED.has(runtimeType(value).kind)) return text(value);
  throw new EvaluationError(`error during formatting: no formatting function for ${runtimeType(value).name}`);
}
