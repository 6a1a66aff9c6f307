import type { ScalarNode } from './node.js';
import { isTimestamp } from './timestamp.js';
import { YamlError } from './yaml-error.js';

const prefix = 'tag:yaml.org,2002:';

/** What plain text means. Integers are bigint, other numbers number. */
export type Resolved =
  | { readonly tag: 'null'; readonly value: null }
  | { readonly tag: 'bool'; readonly value: boolean }
  | { readonly tag: 'int'; readonly value: bigint }
  | { readonly tag: 'float'; readonly value: number }
  | { readonly tag: 'timestamp' | 'str'; readonly value: string };

export type ScalarValue = Resolved['value'];

const words: ReadonlyMap<string, Resolved> = new Map<string, Resolved>([
  ...['', '~', 'null', 'Null', 'NULL'].map((text): [string, Resolved] => [text, { tag: 'null', value: null }]),
  ...['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON'].map((text): [string, Resolved] => [
    text,
    { tag: 'bool', value: true },
  ]),
  ...['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF'].map((text): [string, Resolved] => [
    text,
    { tag: 'bool', value: false },
  ]),
  ...['.nan', '.NaN', '.NAN'].map((text): [string, Resolved] => [text, { tag: 'float', value: Number.NaN }]),
  ...['.inf', '.Inf', '.INF'].flatMap((text): [string, Resolved][] => [
    [text, { tag: 'float', value: Number.POSITIVE_INFINITY }],
    [`+${text}`, { tag: 'float', value: Number.POSITIVE_INFINITY }],
    [`-${text}`, { tag: 'float', value: Number.NEGATIVE_INFINITY }],
  ]),
]);

/** What a plain text is read as. */
export function resolvePlain(text: string): Resolved {
  const first = text[0] ?? '';
  const word = words.get(text);
  if (word !== undefined) return word;
  if (first === '.') return floatOf(text, pointFloat) ?? { tag: 'str', value: text };
  if (!/^[-+\d]/.test(first)) return { tag: 'str', value: text };
  if (isTimestamp(text)) return { tag: 'timestamp', value: text };
  return numberOf(text.replaceAll('_', '')) ?? { tag: 'str', value: text };
}

/** Underscores stand between digits. */
const pointFloat = /^\.\d+(?:_\d+)*(?:[eE][-+]?\d+(?:_\d+)*)?$/;
const anyFloat = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/;

function numberOf(text: string): Resolved | undefined {
  const int = integerOf(text);
  return int === undefined ? floatOf(text, anyFloat) : { tag: 'int', value: int };
}

function floatOf(text: string, form: RegExp): Resolved | undefined {
  const value = form.test(text) ? Number(text.replaceAll('_', '')) : Number.NaN;
  return Number.isFinite(value) ? { tag: 'float', value } : undefined;
}

const integerForm = /^([-+]?)(?:0[xX]([\da-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|([1-9]\d*|0))$/;
const minInt64 = -(2n ** 63n);
const maxUint64 = 2n ** 64n - 1n;

function integerOf(text: string): bigint | undefined {
  const form = integerForm.exec(text);
  if (!form) return undefined;
  const [, sign, hex, binary, octal, decimal] = form;
  const value = hex ? BigInt(`0x${hex}`) : binary ? BigInt(`0b${binary}`) : octal ? BigInt(`0o${octal}`) : BigInt(decimal ?? 0);
  if (sign === '-') return -value >= minInt64 ? -value : undefined;
  // What has a sign is no unsigned integer.
  return value <= (sign === '+' ? maxUint64 >> 1n : maxUint64) ? value : undefined;
}

const resolvable: ReadonlySet<string> = new Set(['', ...['str', 'bool', 'int', 'float', 'null', 'timestamp'].map((name) => prefix + name)]);

/** The value of a scalar, by its tag and by what it looks like. Throws `YamlError`. */
export function resolveScalar({ value, tag, implicit }: ScalarNode): ScalarValue {
  if (tag === `${prefix}binary`) return binaryText(value);
  if ((tag === '' && !implicit) || tag === `${prefix}str` || !resolvable.has(tag)) return value;
  const resolved = resolvePlain(value);
  if (tag === '' || tag === prefix + resolved.tag) return resolved.value;
  if (tag === `${prefix}float` && resolved.tag === 'int') return Number(resolved.value);
  throw new YamlError(`cannot decode !!${resolved.tag} \`${value}\` as a ${tag.replace(prefix, '!!')}`);
}

function binaryText(value: string): string {
  const base64 = value.replace(/[\r\n]/g, '');
  if (base64.length % 4 !== 0 || !/^[A-Za-z\d+/]*={0,2}$/.test(base64)) throw new YamlError('!!binary value contains invalid base64 data');
  return Buffer.from(base64, 'base64').toString();
}
