import { alignLists } from './align.js';
import type { Answer, Step } from './golden-case.js';
import { canonicalText, isObject, type JsonValue } from './json-value.js';

/** One place where an answer is not the recorded one. Undefined stands for "absent". */
export interface Difference {
  readonly path: string;
  readonly expected: unknown;
  readonly got: unknown;
}

const lowestErrorCode = 300;

/** How the answer of a step differs from the recorded one, in what the step compares. */
export function compareAnswers(expected: Answer, got: Answer, cmp: Step['cmp']): Difference[] {
  return comparedParts(expected, cmp).flatMap((part) => compareValues(part, asJson(expected[part]), asJson(got[part])));
}

function asJson(value: unknown): JsonValue | undefined {
  return value as JsonValue | undefined;
}

const head = ['code', 'type', 'warn'] as const;

function comparedParts(expected: Answer, cmp: Step['cmp']): readonly (keyof Answer)[] {
  if (cmp === 'none') return [];
  if (cmp === 'code') return ['code'];
  if (cmp === 'head') return head;
  const whole = [...head, 'headers', 'lease', 'version', 'events', 'body'] as const;
  const bodyCounts = cmp !== 'error' || (expected.code ?? 0) >= lowestErrorCode;
  return bodyCounts ? whole : whole.filter((part) => part !== 'body');
}

/** Differences of two values, in document order. Objects compare without order of keys, lists with order. */
export function compareValues(path: string, expected: JsonValue | undefined, got: JsonValue | undefined): Difference[] {
  if (isObject(expected) && isObject(got)) {
    const keys = [...new Set([...Object.keys(expected), ...Object.keys(got)])].sort();
    return keys.flatMap((key) => compareValues(`${path}.${key}`, ownMember(expected, key), ownMember(got, key)));
  }
  if (Array.isArray(expected) && Array.isArray(got)) {
    return alignLists(expected.map(canonicalText), got.map(canonicalText)).flatMap(([e, g]) =>
      compareValues(`${path}[${e ?? g}]`, e === undefined ? undefined : expected[e], g === undefined ? undefined : got[g]),
    );
  }
  return Object.is(expected, got) || expected === got ? [] : [{ path, expected, got }];
}

function ownMember(object: { [key: string]: JsonValue }, key: string): JsonValue | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}
