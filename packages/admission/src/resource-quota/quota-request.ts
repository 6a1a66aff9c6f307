import type { AdmissionAttributes, KubeObject } from '@keelson/machinery';
import { type Amounts, excess, pick } from './amounts.js';
import { isAbout, type QuotaEvaluator } from './evaluators/evaluator.js';
import type { QuotaState } from './quota-state.js';

/** A write as quotas see it. */
export class QuotaRequest {
  readonly attributes: AdmissionAttributes;
  readonly evaluator: QuotaEvaluator;
  readonly object: KubeObject;
  /** What the object is to use. */
  readonly usage: Amounts;
  /** What it is to use more than it did. */
  readonly #growth: Amounts;

  constructor(attributes: AdmissionAttributes, evaluator: QuotaEvaluator, object: KubeObject) {
    const { oldObject } = attributes;
    this.attributes = attributes;
    this.evaluator = evaluator;
    this.object = object;
    this.usage = evaluator.usage(object);
    this.#growth = oldObject === undefined ? this.usage : excess(this.usage, evaluator.usage(oldObject));
  }

  isAbout({ hard, scopes }: QuotaState): boolean {
    return isAbout(this.evaluator, hard, scopes, this.object);
  }

  /** What is to be charged to a quota that the request is about: all of it where the quota was not about the old object. */
  increase({ hard, scopes }: QuotaState): Amounts {
    const { oldObject } = this.attributes;
    const wasAbout = oldObject === undefined || isAbout(this.evaluator, hard, scopes, oldObject);
    return pick(wasAbout ? this.#growth : this.usage, (_, quantity) => quantity.sign !== 0);
  }

  /** Whether it uses more of anything, whatever the quotas. */
  get grows(): boolean {
    return [...this.#growth.values()].some(({ sign }) => sign !== 0);
  }
}
