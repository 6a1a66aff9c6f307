import { declare, type FunctionDeclaration, method, overload } from '../../environment/declarations.js';
import type { Library } from '../../environment/environment.js';
import { DYN, INT, listOf, STRING } from '../../types/type.js';
import { elements, type List } from '../../values/collections.js';
import { display } from '../../values/display.js';
import { EvaluationError } from '../../values/evaluation-error.js';
import type { Int } from '../../values/int.js';
import { characters } from '../../values/strings.js';
import { limitText } from '../../values/text-limit.js';
import { formatString } from './format-string.js';

function outOfRange(index: Int): EvaluationError {
  return new EvaluationError(`index out of range: ${index}`);
}

function charAt(text: string, index: Int): string {
  const all = characters(text);
  if (index < 0 || index > all.length) throw outOfRange(index);
  return all[Number(index)] ?? '';
}

function substring(text: string, start: Int, end?: Int): string {
  const all = characters(text);
  if (end !== undefined && start > end) throw new EvaluationError(`invalid substring range. start: ${start}, end: ${end}`);
  if (start < 0 || start > all.length) throw outOfRange(start);
  if (end !== undefined && (end < 0 || end > all.length)) throw outOfRange(end);
  const part = all.slice(Number(start), end === undefined ? undefined : Number(end));
  return typeof part === 'string' ? part : part.join('');
}

/** Positions are in code points: in texts of others they are counted in an array of them. */
function indexOf(text: string, part: string, offset: Int = 0): Int {
  if (part === '') return offset;
  if (offset < 0) throw outOfRange(offset);
  const all = characters(text);
  if (offset >= all.length) return -1;
  if (typeof all === 'string') return all.indexOf(part, Number(offset));
  return find(all, [...part], Number(offset), 1);
}

function lastIndexOf(text: string, part: string, offset?: Int): Int {
  const all = characters(text);
  if (part === '') return offset ?? all.length;
  if (offset === undefined && Buffer.byteLength(text) < Buffer.byteLength(part)) return -1;
  const from = offset ?? all.length - 1;
  if (from < 0) throw outOfRange(from);
  if (from >= all.length) return -1;
  if (typeof all === 'string') return all.lastIndexOf(part, Number(from));
  const wanted = [...part];
  return find(all, wanted, Math.min(Number(from), all.length - wanted.length), -1);
}

function find(all: readonly string[], wanted: readonly string[], from: number, step: 1 | -1): number {
  for (let at = from; at >= 0 && at + wanted.length <= all.length; at += step) {
    if (wanted.every((character, i) => all[at + i] === character)) return at;
  }
  return -1;
}

/** At most `count` times; a negative count is no limit. */
function replace(text: string, old: string, replacement: string, count: Int = -1): string {
  if (old === '') return interspersed(text, replacement, count);
  const parts = text.split(old);
  limitText(text.length + (parts.length - 1) * (replacement.length - old.length));
  if (count < 0 || count >= parts.length - 1) return parts.join(replacement);
  const kept = Number(count);
  return [...parts.slice(0, kept), parts.slice(kept).join(old)].join(replacement);
}

function interspersed(text: string, replacement: string, count: Int): string {
  limitText(text.length + (text.length + 1) * replacement.length);
  const all = [...text];
  const times = count < 0 ? all.length + 1 : Math.min(Number(count), all.length + 1);
  let result = '';
  for (let i = 0; i <= all.length; i++) result += `${i < times ? replacement : ''}${all[i] ?? ''}`;
  return result;
}

/** At most `count` parts, the last with the rest; a negative count is no limit. */
function split(text: string, separator: string, count: Int = -1): string[] {
  if (count === 0) return [];
  const parts = separator === '' ? [...text] : text.split(separator);
  if (count < 0 || count >= parts.length) return parts;
  const kept = Number(count) - 1;
  return [...parts.slice(0, kept), parts.slice(kept).join(separator)];
}

function join(list: List, separator = ''): string {
  let length = 0;
  const parts = [...elements(list)].map((element) => {
    if (typeof element !== 'string') throw new EvaluationError(`join: invalid input: ${display(element)}`);
    length += element.length + separator.length;
    limitText(length);
    return element;
  });
  return parts.join(separator);
}

const SPACE = '[\\t\\n\\v\\f\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]';
const AROUND = new RegExp(`^${SPACE}+|${SPACE}+$`, 'g');
const lower = (text: string) => text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
const upper = (text: string) => text.replace(/[a-z]+/g, (letters) => letters.toUpperCase());

const QUOTED: ReadonlyMap<string, string> = new Map([
  ['\x07', '\\a'],
  ['\b', '\\b'],
  ['\f', '\\f'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
  ['\v', '\\v'],
  ['\\', '\\\\'],
  ['"', '\\"'],
]);

function quoted(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is escaped
  return `"${text.replace(/[\x07\b\f\n\r\t\v\\"]/g, (character) => QUOTED.get(character) as string)}"`;
}

const STRINGS = listOf(STRING);

const FUNCTIONS: readonly FunctionDeclaration[] = [
  declare('charAt', method('string_char_at_int', [STRING, INT], STRING, charAt)),
  declare(
    'indexOf',
    method('string_index_of_string', [STRING, STRING], INT, (text: string, part: string) => indexOf(text, part)),
    method('string_index_of_string_int', [STRING, STRING, INT], INT, indexOf),
  ),
  declare(
    'lastIndexOf',
    method('string_last_index_of_string', [STRING, STRING], INT, (text: string, part: string) => lastIndexOf(text, part)),
    method('string_last_index_of_string_int', [STRING, STRING, INT], INT, lastIndexOf),
  ),
  declare('lowerAscii', method('string_lower_ascii', [STRING], STRING, lower)),
  declare(
    'replace',
    method('string_replace_string_string', [STRING, STRING, STRING], STRING, (text: string, old: string, to: string) =>
      replace(text, old, to),
    ),
    method('string_replace_string_string_int', [STRING, STRING, STRING, INT], STRING, replace),
  ),
  declare(
    'split',
    method('string_split_string', [STRING, STRING], STRINGS, (text: string, separator: string) => split(text, separator)),
    method('string_split_string_int', [STRING, STRING, INT], STRINGS, split),
  ),
  declare(
    'substring',
    method('string_substring_int', [STRING, INT], STRING, (text: string, start: Int) => substring(text, start)),
    method('string_substring_int_int', [STRING, INT, INT], STRING, substring),
  ),
  declare(
    'trim',
    method('string_trim', [STRING], STRING, (text: string) => text.replace(AROUND, '')),
  ),
  declare('upperAscii', method('string_upper_ascii', [STRING], STRING, upper)),
  declare('format', method('string_format', [STRING, listOf(DYN)], STRING, formatString)),
  declare('strings.quote', overload('strings_quote', [STRING], STRING, quoted)),
  declare(
    'join',
    method('list_join', [STRINGS], STRING, (list: List) => join(list)),
    method('list_join_string', [STRINGS, STRING], STRING, join),
  ),
];

/** cel-go's extension of strings, in its version 2. */
export const STRINGS_LIBRARY: Library = { functions: FUNCTIONS };
