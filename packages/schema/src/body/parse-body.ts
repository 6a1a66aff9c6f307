import type { Buffer } from 'node:buffer';
import type { Json } from '@keelson/machinery';
import { countKeys } from '../json/duplicate-keys.js';
import { parseExactJson } from '../json/parse-exact-json.js';
import { maxDepth, scanJson } from '../json/scan-json.js';
import { jsonSyntaxError } from '../json/syntax-error.js';
import { DecodeError } from '../kind.js';
import { addDuplicates, StrictProblems } from './strict-problems.js';
import { duplicateKeyError, yamlToJson } from './yaml-to-json.js';

/** Text formats of request bodies. */
export type TextFormat = 'json' | 'yaml';

/** A body in JSON or YAML, read but not yet looked at. */
export interface ParsedBody {
  readonly value: Json;
  /**
   * What strict decoding reports of the text (keys set twice), put in order with the fields that the reader of the
   * value found unknown.
   */
  problems(unknown: readonly string[]): readonly string[];
}

/** Parses a request body. Throws `DecodeError` with the text Kubernetes' clients know. */
export function parseBody(body: Buffer, format: TextFormat): ParsedBody {
  return format === 'json' ? parseJsonBody(body) : parseYamlBody(body);
}

function parseJsonBody(body: Buffer): ParsedBody {
  const text = body.toString();
  const { keys, depth, longNumbers } = scanJson(body);
  if (depth > maxDepth) throw new DecodeError('exceeded max depth');
  const value = parseText(text, longNumbers);
  return {
    value,
    problems: (unknown) => {
      const found = new StrictProblems();
      if (countKeys(value) !== keys) addDuplicates(text, found, unknown);
      else for (const problem of unknown) found.add(problem);
      return found.texts;
    },
  };
}

function parseText(text: string, longNumbers: boolean): Json {
  try {
    return longNumbers ? parseExactJson(text) : (JSON.parse(text) as Json);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new DecodeError(jsonSyntaxError(text), { cause: error });
  }
}

function parseYamlBody(body: Buffer): ParsedBody {
  const { value, duplicates } = yamlToJson(body.toString());
  return {
    value,
    problems: (unknown) => {
      const found = new StrictProblems();
      if (duplicates.length > 0) found.add(duplicateKeyError(duplicates));
      for (const problem of unknown) found.add(problem);
      return found.texts;
    },
  };
}
