import { formatJson } from '../json/format-json.js';
import { formatGoNumber } from '../json/go-number.js';
import { quote } from '../quote.js';
import type { FieldPath } from './path.js';

/** What is wrong with a field: the `reason` of a cause in a Status. */
export type FieldErrorType =
  | 'FieldValueRequired'
  | 'FieldValueInvalid'
  | 'FieldValueTypeInvalid'
  | 'FieldValueDuplicate'
  | 'FieldValueNotSupported'
  | 'FieldValueForbidden'
  | 'FieldValueTooLong'
  | 'FieldValueTooMany'
  | 'FieldValueNotFound'
  | 'InternalError';

const titles: Readonly<Record<FieldErrorType, string>> = {
  FieldValueRequired: 'Required value',
  FieldValueInvalid: 'Invalid value',
  FieldValueTypeInvalid: 'Invalid value',
  FieldValueDuplicate: 'Duplicate value',
  FieldValueNotSupported: 'Unsupported value',
  FieldValueForbidden: 'Forbidden',
  FieldValueTooLong: 'Too long',
  FieldValueTooMany: 'Too many',
  FieldValueNotFound: 'Not found',
  InternalError: 'Internal error',
};

/** These never show the value: there is none, it must not leak, or it is too long. */
const valueless: ReadonlySet<FieldErrorType> = new Set(['FieldValueRequired', 'FieldValueForbidden', 'FieldValueTooLong', 'InternalError']);

/** One thing wrong with one field of an object. */
export class FieldError {
  readonly type: FieldErrorType;
  readonly badValue: unknown;
  readonly detail: string;
  readonly #path: FieldPath | string;

  constructor(type: FieldErrorType, path: FieldPath | string, badValue: unknown, detail: string) {
    this.type = type;
    this.#path = path;
    this.badValue = badValue;
    this.detail = detail;
  }

  get field(): string {
    return this.#path.toString();
  }

  /** The text without the field: the message of a cause. */
  body(): string {
    const title = titles[this.type];
    const silent = valueless.has(this.type) || this.badValue === omittedValue;
    const head = silent ? title : `${title}: ${formatValue(this.badValue)}`;
    return this.detail === '' ? head : `${head}: ${this.detail}`;
  }

  toString(): string {
    return `${this.field}: ${this.body()}`;
  }
}

/** Stands for "no value": the message then has none, whatever the type. */
export const omittedValue: unique symbol = Symbol('omittedValue');

function formatValue(value: unknown): string {
  if (value === undefined) return 'null';
  if (typeof value === 'string') return quote(value);
  if (typeof value === 'bigint' || typeof value === 'number') return formatGoNumber(value);
  return formatJson(value);
}

/** A field that must be there is absent or empty. */
export function required(path: FieldPath | string, detail = ''): FieldError {
  return new FieldError('FieldValueRequired', path, '', detail);
}

export function invalidField(path: FieldPath | string, value: unknown, detail: string): FieldError {
  return new FieldError('FieldValueInvalid', path, value, detail);
}

/** The value has the wrong JSON type. */
export function typeInvalid(path: FieldPath | string, value: unknown, detail: string): FieldError {
  return new FieldError('FieldValueTypeInvalid', path, value, detail);
}

export function duplicate(path: FieldPath | string, value: unknown): FieldError {
  return new FieldError('FieldValueDuplicate', path, value, '');
}

/** The value is none of `supported`, which the message lists in the order given. */
export function notSupported(path: FieldPath | string, value: unknown, supported: readonly string[]): FieldError {
  const detail = supported.length > 0 ? `supported values: ${supported.map(quote).join(', ')}` : '';
  return new FieldError('FieldValueNotSupported', path, value, detail);
}

/** A field that may not be set, or not be changed, here. */
export function forbiddenField(path: FieldPath | string, detail: string): FieldError {
  return new FieldError('FieldValueForbidden', path, '', detail);
}

export function tooLong(path: FieldPath | string, maxBytes: number): FieldError {
  return new FieldError(
    'FieldValueTooLong',
    path,
    '',
    maxBytes < 0 ? 'value is too long' : `may not be more than ${count(maxBytes, 'byte')}`,
  );
}

export function tooMany(path: FieldPath | string, actual: number, max: number): FieldError {
  return new FieldError('FieldValueTooMany', path, actual, max < 0 ? 'has too many items' : `must have at most ${count(max, 'item')}`);
}

/** The value names something that does not exist. */
export function notFoundField(path: FieldPath | string, value: unknown, detail = ''): FieldError {
  return new FieldError('FieldValueNotFound', path, value, detail);
}

export function internalField(path: FieldPath | string, cause: unknown): FieldError {
  return new FieldError('InternalError', path, '', cause instanceof Error ? cause.message : String(cause));
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}
