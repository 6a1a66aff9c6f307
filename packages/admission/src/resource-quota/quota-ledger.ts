import { type ApiError, hasReason, type ObjectAccess, type ObjectWriter } from '@keelson/machinery';
import type { core } from '@keelson/schema';
import { NamespacedIndex } from '../namespaced-index.js';
import { refusedWrite } from '../refused-write.js';
import { amountTexts } from './amounts.js';
import type { QuotaRequest } from './quota-request.js';
import { type QuotaState, quotaState } from './quota-state.js';
import { quotaVerdict } from './quota-verdict.js';

type ResourceQuota = core.v1.ResourceQuota;

const QUOTAS = { group: '', version: 'v1', resource: 'resourcequotas' };

/** Ends a change that would change nothing. */
const NOTHING_TO_WRITE = new Error('nothing to write');

/** The quotas of all namespaces, and what is used of them: in their status, where all replicas charge by compare-and-set. */
export class QuotaLedger {
  readonly #quotas = new NamespacedIndex<ResourceQuota, QuotaState>((quota, known) => newer(quotaState(quota), known));
  readonly #writer: ObjectWriter<ResourceQuota>;

  constructor(objects: ObjectAccess) {
    this.#writer = objects.writer(QUOTAS);
    objects.follow(QUOTAS, this.#quotas);
  }

  /** As they were last heard of. */
  in(namespace: string): QuotaState[] {
    return [...(this.#quotas.in(namespace)?.values() ?? [])];
  }

  has(namespace: string): boolean {
    return this.#quotas.in(namespace) !== undefined;
  }

  /**
   * Charges requests to a quota, as it is stored now, one after the other as long as there is enough: once for all of them.
   * Gives the refusals. A quota that is gone refuses nothing.
   */
  async charge(namespace: string, name: string, requests: readonly QuotaRequest[]): Promise<Map<QuotaRequest, ApiError>> {
    let settled: Settlement | undefined;
    try {
      const revision = await this.#writer.updateStatus(namespace, name, (quota) => {
        settled = settle(quotaState(quota), requests);
        if (!settled.charges) throw NOTHING_TO_WRITE;
        quota.status.used = amountTexts(settled.state.used);
      });
      if (settled !== undefined) this.#quotas.put(namespace, name, { ...settled.state, revision: Number(revision) });
    } catch (error) {
      if (hasReason(error, 'NotFound')) return new Map();
      if (error !== NOTHING_TO_WRITE) throw error;
    }
    return settled?.refusals ?? new Map();
  }
}

interface Settlement {
  /** With everything that was charged. */
  readonly state: QuotaState;
  readonly charges: boolean;
  readonly refusals: Map<QuotaRequest, ApiError>;
}

function settle(quota: QuotaState, requests: readonly QuotaRequest[]): Settlement {
  let state = quota;
  const refusals = new Map<QuotaRequest, ApiError>();
  for (const request of requests) {
    const verdict = quotaVerdict(request, state);
    if (verdict.outcome === 'refused') refusals.set(request, refusedWrite(request.attributes, verdict.why));
    else if (verdict.outcome === 'charged' && !request.attributes.dryRun) state = { ...state, used: verdict.used };
  }
  return { state, charges: state !== quota, refusals };
}

/** What this server has written itself may be newer than what it has been told of. */
function newer(told: QuotaState, known: QuotaState | undefined): QuotaState {
  return known !== undefined && known.uid === told.uid && known.revision > told.revision ? known : told;
}
