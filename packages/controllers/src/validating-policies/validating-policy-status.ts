import { hasReason, type KubeObject, type ObjectReader } from '@keelson/machinery';
import type { admissionregistration } from '@keelson/schema';
import type { LoopbackClient } from '@keelson/server';
import type { ControllerAccess } from '../controller-access.js';
import { ObjectLoop } from '../object-loop.js';
import { expressionWarnings, type KnownKinds } from './expression-warnings.js';

type Policy = admissionregistration.v1.ValidatingAdmissionPolicy;

const POLICIES = { group: 'admissionregistration.k8s.io', version: 'v1', resource: 'validatingadmissionpolicies' };
const MANAGER = 'validatingadmissionpolicy-status-controller';

/** Says in the status of policies what is wrong with their expressions for some of the kinds that they are about. */
export class ValidatingPolicyStatus {
  readonly #client: LoopbackClient;
  readonly #policies: ObjectReader<Policy>;
  readonly #kinds: KnownKinds;
  readonly #loop: ObjectLoop;

  constructor({ objects, client, onFailure, queues }: ControllerAccess) {
    this.#client = client;
    this.#policies = objects.reader<Policy>(POLICIES);
    this.#kinds = {
      ofResource: (resource) => client.served.get(resource)?.schema,
      ofKind: (kind) => objects.resourcesOf(kind).flatMap(({ resource }) => client.served.get(resource)?.schema ?? [])[0],
    };
    this.#loop = new ObjectLoop({
      objects,
      onFailure,
      instruments: queues?.of('validatingadmissionpolicy-status'),
      sources: [{ resource: POLICIES, keysOf: ({ metadata: { name = '' } }, gone) => (gone ? [] : [name]) }],
      work: (name) => this.#check(name),
    });
  }

  /** Resolves when all policies have been looked at. */
  start(): Promise<void> {
    return this.#loop.start();
  }

  stop(): Promise<void> {
    return this.#loop.stop();
  }

  async #check(name: string): Promise<void> {
    const policy = await this.#policies.get('', name);
    const { generation = 0 } = policy?.metadata ?? {};
    if (policy === undefined || generation <= (policy.status?.observedGeneration ?? 0)) return;
    const warnings = expressionWarnings(policy, this.#kinds);
    const status = { observedGeneration: generation, typeChecking: warnings.length === 0 ? {} : { expressionWarnings: warnings } };
    try {
      await this.#client.applyStatus(POLICIES, MANAGER, { metadata: { name, uid: policy.metadata.uid }, status } as KubeObject);
    } catch (error) {
      // It is gone, or another one of its name is there, which is looked at by itself.
      if (!hasReason(error, 'NotFound', 'Conflict')) throw error;
    }
  }
}
