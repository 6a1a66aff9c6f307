import { instanceCleanupFinalizer } from '@keelson/api';
import { conditionOf, DEFINITIONS, type Definition, isTrue, setCondition } from '@keelson/extensions';
import { type GroupVersionResource, hasReason, type KubeObject, timeNow } from '@keelson/machinery';
import type { LoopbackClient } from '@keelson/server';

type Outcome = Parameters<typeof setCondition>[1];

const IN_PROGRESS: Outcome = {
  type: 'Terminating',
  status: 'True',
  reason: 'InstanceDeletionInProgress',
  message: 'CustomResource deletion is in progress',
};
const REMAINING: Outcome = {
  type: 'Terminating',
  status: 'True',
  reason: 'InstanceDeletionCheck',
  message: 'could not confirm zero CustomResources remaining: timed out waiting for the condition',
};
const COMPLETED: Outcome = { type: 'Terminating', status: 'False', reason: 'InstanceDeletionCompleted', message: 'removed all instances' };
const NEVER: Outcome = { type: 'Terminating', status: 'False', reason: 'NeverEstablished', message: 'resource was never established' };

/** Removes the objects of a definition that is being deleted, and then lets it go. */
export class DefinitionCleanup {
  readonly #client: LoopbackClient;

  constructor(client: LoopbackClient) {
    this.#client = client;
  }

  /** `again` while objects remain, which their finalizers may hold for long; rejects when they cannot be deleted. */
  async run(definition: Definition): Promise<'again' | undefined> {
    const { name = '', finalizers = [] } = definition.metadata;
    if (!finalizers.includes(instanceCleanupFinalizer)) return undefined;
    // What a try has found stays said while the next one looks again: every word would wake this up at once.
    if (conditionOf(definition, 'Terminating')?.reason === 'InstanceDeletionPending') await this.#say(name, IN_PROGRESS);
    const outcome = isTrue(definition, 'Established') ? await this.#removeInstances(definition) : NEVER;
    await this.#say(name, outcome);
    if (outcome.reason === REMAINING.reason) return 'again';
    if (outcome.status === 'True') throw new Error(`${name}: ${outcome.message}`);
    await this.#release(name);
    return undefined;
  }

  async #removeInstances({ spec, status }: Definition): Promise<Outcome> {
    const served = spec.versions?.find((one) => one.served);
    if (served === undefined) return COMPLETED;
    const resource = { group: spec.group, version: served.name, resource: status.acceptedNames.plural };
    try {
      for (const object of await this.#client.list(resource, '')) await this.#remove(resource, object);
      const left = await this.#client.list(resource, '');
      return left.length === 0 ? COMPLETED : REMAINING;
    } catch (error) {
      const message = `could not issue all deletes: ${error instanceof Error ? error.message : String(error)}`;
      return { type: 'Terminating', status: 'True', reason: 'InstanceDeletionFailed', message };
    }
  }

  async #remove(resource: GroupVersionResource, object: KubeObject): Promise<void> {
    if (object.metadata.deletionTimestamp === undefined) await this.#client.delete(resource, object);
  }

  async #say(name: string, outcome: Outcome): Promise<void> {
    await unlessGone(this.#client.updateStatus(DEFINITIONS, '', name, (object) => setCondition(object as Definition, outcome, timeNow())));
  }

  async #release(name: string): Promise<void> {
    await unlessGone(
      this.#client.update(DEFINITIONS, '', name, ({ metadata }) => {
        metadata.finalizers = (metadata.finalizers ?? []).filter((finalizer) => finalizer !== instanceCleanupFinalizer);
      }),
    );
  }
}

/** Another replica may have been faster. */
async function unlessGone(write: Promise<unknown>): Promise<void> {
  try {
    await write;
  } catch (error) {
    if (!hasReason(error, 'NotFound', 'Conflict')) throw error;
  }
}
