import { parseDuration } from '@keelson/machinery';
import { declare, declareWith, type FunctionDeclaration, overload } from '../environment/declarations.js';
import { BOOL, BYTES, type CelType, DOUBLE, DURATION, DYN, INT, STRING, TIMESTAMP, typeOf, typeParameter, UINT } from '../types/type.js';
import { Duration } from '../values/duration.js';
import { EvaluationError } from '../values/evaluation-error.js';
import { type Int, int, intOfDouble } from '../values/int.js';
import { formatDouble } from '../values/number-format.js';
import { runtimeType } from '../values/runtime-type.js';
import { Timestamp } from '../values/timestamp.js';
import { uint, uintOfDouble } from '../values/uint.js';
import { type CelValue, Double, type Uint } from '../values/value.js';

const A = typeParameter('A');

const same = (value: CelValue) => value;

/** Reads a string as a value of a type, or throws what conversions of strings throw. */
function fromString<T>(type: CelType, read: (text: string) => T | undefined): (text: string) => T {
  return (text) => {
    const value = read(text);
    if (value === undefined) throw new EvaluationError(`type conversion error from 'string' to '${type.name}'`);
    return value;
  };
}

const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ...['1', 't', 'T', 'TRUE', 'true', 'True'].map((text) => [text, true] as const),
  ...['0', 'f', 'F', 'FALSE', 'false', 'False'].map((text) => [text, false] as const),
]);

/** Undefined where it is none, or takes more than 64 bits. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

const readBool = fromString(BOOL, (text) => BOOLEANS.get(text));
const readInt = fromString(INT, (text) => (/^[+-]?\d+$/.test(text) ? attempt(() => int(BigInt(text.replace(/^\+/, '')))) : undefined));
const readUint = fromString(UINT, (text) => (/^\d+$/.test(text) ? attempt(() => uint(BigInt(text))) : undefined));
const readDouble = fromString(DOUBLE, parseDouble);
const readDuration = fromString(DURATION, (text) => attempt(() => new Duration(parseDuration(text))));
const readTimestamp = fromString(TIMESTAMP, (text) => {
  try {
    return Timestamp.parse(text);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
});

// Underscores may stand between digits.
const FLOAT = /^[+-]?(?:\d+(?:_\d+)*(?:\.(?:\d+(?:_\d+)*)?)?|\.\d+(?:_\d+)*)(?:e[+-]?\d+(?:_\d+)*)?$/i;
const HEXADECIMAL = /^([+-]?)0x([\da-f]*)(?:\.([\da-f]*))?p([+-]?\d+)$/i;

function parseDouble(text: string): Double | undefined {
  if (/^nan$/i.test(text)) return new Double(Number.NaN);
  const infinite = /^([+-]?)inf(?:inity)?$/i.exec(text);
  if (infinite !== null) return new Double(infinite[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY);
  const value = FLOAT.test(text) ? Number(text.replaceAll('_', '')) : parseHexadecimal(text);
  return value !== undefined && Number.isFinite(value) ? new Double(value) : undefined;
}

/** `0x1.8p3`. */
function parseHexadecimal(text: string): number | undefined {
  const [match, sign, whole = '', fraction = '', exponent] = HEXADECIMAL.exec(text) ?? [];
  if (match === undefined || `${whole}${fraction}` === '') return undefined;
  const value = Number(`0x${whole}${fraction}`) * 2 ** (Number(exponent) - 4 * fraction.length);
  return sign === '-' ? -value : value;
}

function utf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new EvaluationError('invalid UTF-8 in bytes, cannot convert to string');
  }
}

export const CONVERSIONS: readonly FunctionDeclaration[] = [
  declareWith('type', runtimeType, overload('type', [A], typeOf(A))),
  declareWith('dyn', same, overload('to_dyn', [A], DYN)),
  declare('bool', overload('bool_to_bool', [BOOL], BOOL, same), overload('string_to_bool', [STRING], BOOL, readBool)),
  declare(
    'bytes',
    overload('bytes_to_bytes', [BYTES], BYTES, same),
    overload('string_to_bytes', [STRING], BYTES, (text: string) => new Uint8Array(Buffer.from(text))),
  ),
  declare(
    'double',
    overload('double_to_double', [DOUBLE], DOUBLE, same),
    overload('int64_to_double', [INT], DOUBLE, (value: Int) => new Double(Number(value))),
    overload('string_to_double', [STRING], DOUBLE, readDouble),
    overload('uint64_to_double', [UINT], DOUBLE, (value: Uint) => new Double(Number(value.value))),
  ),
  declare(
    'duration',
    overload('duration_to_duration', [DURATION], DURATION, same),
    overload('int64_to_duration', [INT], DURATION, () => {
      throw new EvaluationError(`type conversion error from 'int' to '${DURATION.name}'`);
    }),
    overload('string_to_duration', [STRING], DURATION, readDuration),
  ),
  declare(
    'int',
    overload('int64_to_int64', [INT], INT, same),
    overload('double_to_int64', [DOUBLE], INT, (value: Double) => intOfDouble(value.value)),
    overload('duration_to_int64', [DURATION], INT, (value: Duration) => int(value.nanos)),
    overload('string_to_int64', [STRING], INT, readInt),
    overload('timestamp_to_int64', [TIMESTAMP], INT, (value: Timestamp) => value.seconds),
    overload('uint64_to_int64', [UINT], INT, (value: Uint) => int(value.value)),
  ),
  declare(
    'string',
    overload('string_to_string', [STRING], STRING, same),
    overload('bool_to_string', [BOOL], STRING, String),
    overload('bytes_to_string', [BYTES], STRING, utf8),
    overload('double_to_string', [DOUBLE], STRING, (value: Double) => formatDouble(value.value)),
    overload('duration_to_string', [DURATION], STRING, String),
    overload('int64_to_string', [INT], STRING, String),
    overload('timestamp_to_string', [TIMESTAMP], STRING, String),
    overload('uint64_to_string', [UINT], STRING, (value: Uint) => String(value.value)),
  ),
  declare(
    'timestamp',
    overload('timestamp_to_timestamp', [TIMESTAMP], TIMESTAMP, same),
    overload('int64_to_timestamp', [INT], TIMESTAMP, (value: Int) => Timestamp.of(Number(value))),
    overload('string_to_timestamp', [STRING], TIMESTAMP, readTimestamp),
  ),
  declare(
    'uint',
    overload('uint64_to_uint64', [UINT], UINT, same),
    overload('double_to_uint64', [DOUBLE], UINT, (value: Double) => uintOfDouble(value.value)),
    overload('int64_to_uint64', [INT], UINT, (value: Int) => uint(BigInt(value))),
    overload('string_to_uint64', [STRING], UINT, readUint),
  ),
];
