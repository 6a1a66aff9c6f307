import { jsonKind } from '../codec/json-kind.js';
import { jsonSyntaxError } from './syntax-error.js';

/** Why a text cannot be read as a JSON object, in the words of Kubernetes; undefined when it can, or is null. */
export function jsonObjectProblem(text: string): string | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return jsonSyntaxError(text);
  }
  if (typeof value === 'object' && !Array.isArray(value)) return undefined;
  return `json: cannot unmarshal ${jsonKind(value)} into Go value of type map[string]interface {}`;
}
