import { compileObjectSelector, type KubeObject, type LabelSelector, type ObjectLabelSelector } from '@keelson/machinery';
import type { MatchedRequest } from './matched-request.js';

/** Selects requests by the labels of their object: those that it has, or those that it had. */
export class ObjectSelector {
  readonly #selector: LabelSelector;

  /** Throws when the selector is wrong. */
  constructor(selector: ObjectLabelSelector | undefined) {
    this.#selector = compileObjectSelector(selector);
  }

  matches({ served, object, oldObject }: MatchedRequest): boolean {
    const selector = this.#selector;
    if (selector.matchesEverything) return true;
    const selects = (one: KubeObject | undefined) => one !== undefined && selector.matches(served.labels(one));
    return selects(object) || selects(oldObject);
  }
}
