import { Buffer } from 'node:buffer';
import type { Json } from '@keelson/machinery';
import { countKeys } from '../json/duplicate-keys.js';
import { type ExactNumbers, parseExactJson } from '../json/parse-exact-json.js';
import { depthProblem, maxDepth, scanJson } from '../json/scan-json.js';
import { jsonSyntaxError } from '../json/syntax-error.js';
import { wellFormed } from '../json/well-formed.js';
import { DecodeError } from '../kind.js';
import { duplicateKeyError, yamlToJson } from '../yaml/yaml-to-json.js';
import { addDuplicates, StrictProblems } from './strict-problems.js';

/** Text formats of request bodies. */
export type TextFormat = 'json' | 'yaml';

/** A body in JSON or YAML, read but not yet looked at. */
export interface ParsedBody {
  readonly value: Json;
  /** Whether the value may hold numbers as `Decimal`. */
  readonly decimals: boolean;
  /**
   * What strict decoding reports of the text (keys set twice), put in order with the fields that the reader of the
   * value found unknown.
   */
  problems(unknown: readonly string[], validation?: 'Warn' | 'Strict'): readonly string[];
}

/**
 * Parses a request body. Throws `DecodeError` with the text Kubernetes' clients know. Where there are decimals, they have
 * to be settled (`settleDecimals`), or taken out (`withoutDecimals`).
 */
export function parseBody(body: Buffer, format: TextFormat, numbers: ExactNumbers = { decimals: false }): ParsedBody {
  return format === 'json' ? parseJsonBody(body, numbers) : parseYamlBody(body, numbers);
}

const unicodeEscape = Buffer.from('\\u');
/** Of a number that may be beyond what a number holds. */
const hugeExponent = /[eE]\+?\d{3}/;

function parseJsonBody(body: Buffer, numbers: ExactNumbers): ParsedBody {
  const text = body.includes(unicodeEscape) ? wellFormed(body.toString()) : body.toString();
  const { keys, depth, longNumbers, fractions } = scanJson(body);
  if (depth > maxDepth) throw new DecodeError(depthProblem(body));
  const exact = longNumbers || (fractions && (numbers.decimals || hugeExponent.test(text)));
  const value = parseText(text, exact ? numbers : undefined);
  return {
    value,
    decimals: exact,
    problems: (unknown) => {
      const found = new StrictProblems();
      if (countKeys(value) !== keys) addDuplicates(text, found, unknown);
      else for (const problem of unknown) found.add(problem);
      return found.texts;
    },
  };
}

function parseText(text: string, exact: ExactNumbers | undefined): Json {
  try {
    return exact ? parseExactJson(text, exact) : (JSON.parse(text) as Json);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new DecodeError(jsonSyntaxError(text), { cause: error });
  }
}

function parseYamlBody(body: Buffer, numbers: ExactNumbers): ParsedBody {
  const { value, decimals, duplicates } = yamlToJson(body, numbers);
  return {
    value,
    decimals,
    problems: (unknown, validation) => {
      const found = new StrictProblems();
      // Who is warned is told of each by itself.
      const told = validation === 'Strict' && duplicates.length > 0 ? [duplicateKeyError(duplicates)] : duplicates;
      for (const duplicate of told) found.add(duplicate);
      for (const problem of unknown) found.add(problem);
      return found.texts;
    },
  };
}
