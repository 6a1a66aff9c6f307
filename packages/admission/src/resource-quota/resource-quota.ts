import type { AdmissionAttributes, AdmissionPlugin } from '@keelson/machinery';
import { onCreateAndUpdate } from '../operations.js';
import type { LimitedResource } from './configuration.js';
import { requireCoverage } from './coverage.js';
import { evaluatorFor } from './evaluators/evaluator-for.js';
import { NamespaceCharges } from './namespace-charges.js';
import type { QuotaLedger } from './quota-ledger.js';
import { QuotaRequest } from './quota-request.js';
import { quotaVerdict } from './quota-verdict.js';

/** Refuses what the quotas of a namespace do not allow, and charges them with what they do. */
export class ResourceQuota implements AdmissionPlugin {
  readonly name = 'ResourceQuota';
  readonly handles = onCreateAndUpdate;
  readonly #ledger: QuotaLedger;
  readonly #limited: readonly LimitedResource[];
  /** Namespaces in which something is being charged. */
  readonly #charges = new Map<string, NamespaceCharges>();

  constructor(ledger: QuotaLedger, limited: readonly LimitedResource[] = []) {
    this.#ledger = ledger;
    this.#limited = limited;
  }

  validate(attributes: AdmissionAttributes): Promise<void> | void {
    const { namespace, resource, object } = attributes;
    if (namespace === '' || object === undefined || (resource.group === '' && resource.resource === 'namespaces')) return;
    if (this.#limited.length === 0 && !this.#ledger.has(namespace)) return;
    const evaluator = evaluatorFor(resource);
    if (!evaluator?.handles(attributes)) return;
    const request = new QuotaRequest(attributes, evaluator, object);
    const quotas = this.#ledger.in(namespace);
    requireCoverage(request, quotas, this.#limited);
    if (quotas.some((quota) => quotaVerdict(request, quota).outcome !== 'unconcerned')) return this.#charge(namespace, request);
  }

  #charge(namespace: string, request: QuotaRequest): Promise<void> {
    let charges = this.#charges.get(namespace);
    if (charges === undefined) {
      charges = new NamespaceCharges(this.#ledger, namespace, () => this.#charges.delete(namespace));
      this.#charges.set(namespace, charges);
    }
    return charges.charge(request);
  }
}
