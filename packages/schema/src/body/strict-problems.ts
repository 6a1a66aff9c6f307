import { quote } from '@keelson/machinery';
import { keyOccurrences } from '../json/duplicate-keys.js';
import type { StrictSink } from '../kind.js';

/** As many as Kubernetes reports. */
const maxProblems = 100;

/** What strict decoding finds: each text once, and no more than clients are told about. */
export class StrictProblems implements StrictSink {
  readonly #texts = new Set<string>();

  add(problem: string): void {
    if (this.#texts.size < maxProblems) this.#texts.add(problem);
  }

  get texts(): readonly string[] {
    return [...this.#texts];
  }
}

/** These, each once, as many as clients are told about. */
export function reported(texts: Iterable<string>): readonly string[] {
  const problems = new StrictProblems();
  for (const text of texts) problems.add(text);
  return problems.texts;
}

/** `duplicate field "metadata.name"` for every key that comes again, with its place among the others. */
export function addDuplicates(text: string, problems: StrictProblems, unknown: readonly string[]): void {
  const unknownTexts = new Set(unknown);
  let inside: string | undefined;
  for (const { path, duplicate } of keyOccurrences(text)) {
    // What is in a field that is not known is not looked at.
    if (inside !== undefined && (path.startsWith(`${inside}.`) || path.startsWith(`${inside}[`))) continue;
    inside = unknownTexts.has(`unknown field ${quote(path)}`) ? path : undefined;
    if (duplicate) problems.add(`duplicate field ${quote(path)}`);
    const asUnknown = `unknown field ${quote(path)}`;
    if (unknownTexts.has(asUnknown)) problems.add(asUnknown);
  }
}

/** The error for requests that want none of this (fieldValidation=Strict). */
export function strictDecodingError(problems: readonly string[]): string {
  return `strict decoding error: ${problems.join(', ')}`;
}
