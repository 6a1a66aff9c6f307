import { quote } from '@keelson/machinery';
import { declare, method, overload } from '../../environment/declarations.js';
import type { Library } from '../../environment/environment.js';
import { BOOL, INT, STRING, structType } from '../../types/type.js';
import { EvaluationError, noSuchOverload } from '../../values/evaluation-error.js';
import { int } from '../../values/int.js';
import { type CelValue, Opaque } from '../../values/value.js';

const SEMVER = structType('kubernetes.Semver');

/** A semantic version 2.0.0. */
export class SemverValue extends Opaque {
  readonly type = SEMVER;

  constructor(
    readonly numbers: readonly [major: bigint, minor: bigint, patch: bigint],
    readonly prerelease: readonly string[],
    readonly build: string,
  ) {
    super();
  }

  equals(other: CelValue): boolean {
    if (!(other instanceof SemverValue)) throw noSuchOverload();
    return this.compare(other) === 0;
  }

  compare(other: SemverValue): -1 | 0 | 1 {
    for (const [i, number] of this.numbers.entries()) {
      const theirs = other.numbers[i] as bigint;
      if (number !== theirs) return number > theirs ? 1 : -1;
    }
    return comparePrereleases(this.prerelease, other.prerelease);
  }

  toString(): string {
    const prerelease = this.prerelease.length === 0 ? '' : `-${this.prerelease.join('.')}`;
    return `${this.numbers.join('.')}${prerelease}${this.build === '' ? '' : `+${this.build}`}`;
  }
}

function comparePrereleases(a: readonly string[], b: readonly string[]): -1 | 0 | 1 {
  if (a.length === 0 || b.length === 0) return a.length === b.length ? 0 : a.length === 0 ? 1 : -1;
  for (const [i, part] of a.entries()) {
    const other = b[i];
    if (other === undefined) return 1;
    const order = comparePart(part, other);
    if (order !== 0) return order;
  }
  return a.length === b.length ? 0 : -1;
}

/** Numbers come before words. */
function comparePart(a: string, b: string): -1 | 0 | 1 {
  const [left, right] = [/^\d+$/.test(a), /^\d+$/.test(b)];
  if (left !== right) return left ? -1 : 1;
  if (a === b) return 0;
  return (left ? BigInt(a) > BigInt(b) : a > b) ? 1 : -1;
}

const MAX_NUMBER = 2n ** 64n - 1n;

function parse(text: string): SemverValue {
  const fail = (message: string): never => {
    throw new EvaluationError(message);
  };
  if (text === '') fail('Version string empty');
  const [major = '', minor, rest] = splitVersion(text);
  if (minor === undefined || rest === undefined) return fail('No Major.Minor.Patch elements found');
  const plus = rest.indexOf('+');
  const build = plus < 0 ? undefined : rest.slice(plus + 1);
  const [patch = '', prerelease] = splitAt(plus < 0 ? rest : rest.slice(0, plus), '-');
  const numbers = (['major', 'minor', 'patch'] as const).map((name, i) => versionNumber(name, [major, minor, patch][i] as string, fail));
  return new SemverValue(
    numbers as [bigint, bigint, bigint],
    prerelease === undefined ? [] : prerelease.split('.').map((part) => prereleasePart(part, fail)),
    build === undefined
      ? ''
      : build
          .split('.')
          .map((part) => buildPart(part, fail))
          .join('.'),
  );
}

function splitAt(text: string, separator: string): [string, string?] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

function splitVersion(text: string): [string, string?, string?] {
  const [major, rest] = splitAt(text, '.');
  return rest === undefined ? [major] : [major, ...splitAt(rest, '.')];
}

type Fail = (message: string) => never;

function versionNumber(name: 'major' | 'minor' | 'patch', text: string, fail: Fail): bigint {
  const Name = `${name[0]?.toUpperCase()}${name.slice(1)}`;
  if (!/^\d*$/.test(text)) fail(`Invalid character(s) found in ${name} number ${quote(text)}`);
  if (/^0\d/.test(text)) fail(`${Name} number must not contain leading zeroes ${quote(text)}`);
  if (text === '') fail('strconv.ParseUint: parsing "": invalid syntax');
  const value = BigInt(text);
  if (value > MAX_NUMBER) fail(`strconv.ParseUint: parsing ${quote(text)}: value out of range`);
  return value;
}

function prereleasePart(text: string, fail: Fail): string {
  if (text === '') fail('Prerelease is empty');
  if (/^0\d+$/.test(text)) fail(`Numeric PreRelease version must not contain leading zeroes ${quote(text)}`);
  if (!/^[0-9A-Za-z-]+$/.test(text)) fail(`Invalid character(s) found in prerelease ${quote(text)}`);
  return text;
}

function buildPart(text: string, fail: Fail): string {
  if (text === '') fail('Build meta data is empty');
  if (!/^[0-9A-Za-z-]+$/.test(text)) fail(`Invalid character(s) found in build meta data ${quote(text)}`);
  return text;
}

/** Takes what people write too: a leading v, fewer numbers than three, zeros in front. */
function normalized(text: string): string {
  const parts = splitVersion(text.replace(/^v/, '')).filter((part) => part !== undefined);
  if (parts.length < 3 && /[+-]/.test(parts[parts.length - 1] ?? '')) {
    throw new EvaluationError('short version cannot contain PreRelease/Build meta data');
  }
  const [major, minor = '0', patch = '0'] = parts.map(withoutLeadingZeros);
  return `${major}.${minor}.${patch}`;
}

function withoutLeadingZeros(part: string): string {
  return part.length > 1 ? part.replace(/^0+/, '').replace(/^(?!\d)/, '0') : part;
}

function read(text: string, normalize = false): SemverValue {
  return parse(normalize ? normalized(text) : text);
}

function isSemver(text: string, normalize = false): boolean {
  try {
    read(text, normalize);
    return true;
  } catch (error) {
    if (error instanceof EvaluationError) return false;
    throw error;
  }
}

/** The semantic version that a text is, exactly as the standard writes them; none where it is no version. */
export function parseSemver(text: string): SemverValue | undefined {
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof EvaluationError) return undefined;
    throw error;
  }
}

const two = [SEMVER, SEMVER] as const;
const number = (name: string, id: string, i: 0 | 1 | 2) =>
  declare(
    name,
    // Taken for 64 bits with a sign, whatever they are.
    method(id, [SEMVER], INT, ({ numbers }: SemverValue) => int(BigInt.asIntN(64, numbers[i]))),
  );

/** Kubernetes' semantic versions, in version 1 of the library. */
export const SEMVERS: Library = {
  functions: [
    declare(
      'semver',
      overload('string_to_semver', [STRING], SEMVER, (text: string) => read(text)),
      overload('string_bool_to_semver', [STRING, BOOL], SEMVER, read),
    ),
    declare(
      'isSemver',
      overload('is_semver_string', [STRING], BOOL, (text: string) => isSemver(text)),
      overload('is_semver_string_bool', [STRING, BOOL], BOOL, isSemver),
    ),
    declare(
      'isGreaterThan',
      method('semver_is_greater_than', two, BOOL, (a: SemverValue, b: SemverValue) => a.compare(b) > 0),
    ),
    declare(
      'isLessThan',
      method('semver_is_less_than', two, BOOL, (a: SemverValue, b: SemverValue) => a.compare(b) < 0),
    ),
    declare(
      'compareTo',
      method('semver_compare_to', two, INT, (a: SemverValue, b: SemverValue) => a.compare(b)),
    ),
    number('major', 'semver_major', 0),
    number('minor', 'semver_minor', 1),
    number('patch', 'semver_patch', 2),
  ],
};
