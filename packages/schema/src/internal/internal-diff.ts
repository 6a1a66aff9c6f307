import { formatIndentedJson, unifiedDiff } from '@keelson/machinery';
import { internalForm } from './internal-form.js';

/**
 * What was changed between two states of a part of an object, as messages about immutable parts show it. `message` is
 * the full name of its type, `core.v1.PodSpec`.
 */
export function internalDiff(message: string, before: object, after: object): string {
  const [a, b] = [before, after].map((state) => formatIndentedJson(internalForm(message, state)));
  return unifiedDiff(a ?? '', b ?? '');
}
