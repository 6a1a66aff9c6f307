import { type GroupVersionResource, hasReason, type KubeObject, semanticallyEqual } from '@keelson/machinery';
import type { flowcontrol } from '@keelson/schema';
import type { LoopbackClient } from '@keelson/server';
import { AUTO_UPDATE_SPEC, declaredAutoUpdate, wantsAutoUpdate } from './flow-control/auto-update.js';
import { mandatoryFlowSchemas, suggestedFlowSchemas } from './flow-control/flow-schemas.js';
import { mandatoryPriorityLevels, suggestedPriorityLevels } from './flow-control/priority-levels.js';
import { RepeatedTask } from './repeated-task.js';

type Configuration = flowcontrol.v1.FlowSchema | flowcontrol.v1.PriorityLevelConfiguration;

const CHECK_MS = 60_000;
const MANAGER = 'api-priority-and-fairness-config-producer-v1';

const gvr = (resource: string): GroupVersionResource => ({ group: 'flowcontrol.apiserver.k8s.io', version: 'v1', resource });
const PRIORITY_LEVELS = gvr('prioritylevelconfigurations');
const FLOW_SCHEMAS = gvr('flowschemas');

/**
 * Keeps the configuration of flow control that every cluster has (KEP-1040): what is mandatory says what it must, what is
 * suggested says what the server knows best unless an operator has changed it, and what older servers suggested goes.
 */
export class FlowControlConfiguration {
  readonly #client: LoopbackClient;
  readonly #check: RepeatedTask;

  constructor(client: LoopbackClient, onFailure: (error: unknown) => void) {
    this.#client = client.as(MANAGER);
    this.#check = new RepeatedTask(() => this.#reconcile(), CHECK_MS, onFailure);
  }

  /** Resolves when all of it is there. */
  start(): Promise<void> {
    return this.#check.start();
  }

  stop(): Promise<void> {
    return this.#check.stop();
  }

  async #reconcile(): Promise<void> {
    await Promise.all([
      ...mandatoryPriorityLevels.map((wanted) => this.#keep(PRIORITY_LEVELS, wanted, true)),
      ...suggestedPriorityLevels.map((wanted) => this.#keep(PRIORITY_LEVELS, wanted, false)),
      ...mandatoryFlowSchemas.map((wanted) => this.#keep(FLOW_SCHEMAS, wanted, true)),
      ...suggestedFlowSchemas.map((wanted) => this.#keep(FLOW_SCHEMAS, wanted, false)),
      this.#removeOthers(PRIORITY_LEVELS, [...mandatoryPriorityLevels, ...suggestedPriorityLevels]),
      this.#removeOthers(FLOW_SCHEMAS, [...mandatoryFlowSchemas, ...suggestedFlowSchemas]),
    ]);
  }

  async #keep(gvr: GroupVersionResource, wanted: Configuration, isMandatory: boolean): Promise<void> {
    const { name = '' } = wanted.metadata;
    const current = (await this.#client.get(gvr, '', name, { at: 'any' })) as Configuration | undefined;
    if (current === undefined) {
      await this.#client.ensure(gvr, { ...wanted, metadata: { name, annotations: { [AUTO_UPDATE_SPEC]: 'true' } } });
      return;
    }
    const revised = structuredClone(current);
    revise(revised, wanted, isMandatory);
    if (!semanticallyEqual(revised, current)) await this.#update(gvr, wanted, isMandatory);
  }

  async #update(gvr: GroupVersionResource, wanted: Configuration, isMandatory: boolean): Promise<void> {
    try {
      const { name = '' } = wanted.metadata;
      await this.#client.update(gvr, '', name, (object) => revise(object as Configuration, wanted, isMandatory));
    } catch (error) {
      // Deleted between the calls: the next round makes it again.
      if (!hasReason(error, 'NotFound')) throw error;
    }
  }

  async #removeOthers(gvr: GroupVersionResource, wanted: readonly KubeObject[]): Promise<void> {
    const names = new Set(wanted.map(({ metadata }) => metadata.name));
    const all = await this.#client.list(gvr, '', { at: 'any' });
    const others = all.filter((object) => !names.has(object.metadata.name) && declaredAutoUpdate(object) === true);
    await Promise.all(others.map((object) => this.#client.delete(gvr, object)));
  }
}

/** Changes the object in place to what it should be, and makes it say whether its spec will be kept so. */
function revise(object: Configuration, wanted: Configuration, isMandatory: boolean): void {
  const autoUpdate = isMandatory || wantsAutoUpdate(object);
  if (declaredAutoUpdate(object) !== autoUpdate) {
    object.metadata.annotations = { ...object.metadata.annotations, [AUTO_UPDATE_SPEC]: String(autoUpdate) };
  }
  if (autoUpdate) object.spec = withOwnExempt(object.spec, structuredClone(wanted.spec));
}

/** How many seats the exempt level lends is for operators to say. */
function withOwnExempt(current: Configuration['spec'], wanted: Configuration['spec']): Configuration['spec'] {
  const isExempt = 'exempt' in current && 'exempt' in wanted;
  return isExempt ? { ...wanted, exempt: { ...wanted.exempt, ...current.exempt } } : wanted;
}
