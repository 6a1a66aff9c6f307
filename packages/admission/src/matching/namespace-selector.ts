import { compileObjectSelector, type LabelSelector, type ObjectLabelSelector } from '@keelson/machinery';
import type { MatchedRequest } from './matched-request.js';
import type { NamespaceLabels } from './namespace-labels.js';

/** Selects requests by the labels of their namespace. What is outside of namespaces is always selected, but for namespaces themselves. */
export class NamespaceSelector {
  readonly #selector: LabelSelector;
  readonly #namespaces: NamespaceLabels;

  /** Throws when the selector is wrong. */
  constructor(selector: ObjectLabelSelector | undefined, namespaces: NamespaceLabels) {
    this.#selector = compileObjectSelector(selector);
    this.#namespaces = namespaces;
  }

  /** Throws 404 when there is no such namespace. */
  matches(attributes: MatchedRequest): boolean | Promise<boolean> {
    const selector = this.#selector;
    if (selector.matchesEverything) return true;
    if (attributes.namespace === '' && attributes.resource.resource !== 'namespaces') return true;
    const labels = this.#namespaces.of(attributes);
    return labels instanceof Promise ? labels.then((found) => selector.matches(found)) : selector.matches(labels);
  }
}
