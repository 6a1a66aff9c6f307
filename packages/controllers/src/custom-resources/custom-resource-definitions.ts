import { caBundleProblem } from '@keelson/api';
import {
  acceptNames,
  approvalCondition,
  DEFINITIONS,
  type Definition,
  isTrue,
  nonStructuralCondition,
  removeCondition,
  setCondition,
} from '@keelson/extensions';
import { hasReason, semanticallyEqual, timeNow } from '@keelson/machinery';
import type { ApiServer } from '@keelson/server';
import { WorkQueue } from '../work-queue.js';
import { DefinitionCleanup } from './definition-cleanup.js';
import { KnownDefinitions } from './known-definitions.js';

/**
 * Says of each definition whether its names are its own, whether it is served, and whether its group's owners approve;
 * removes the objects of those that are deleted.
 */
export class CustomResourceDefinitions {
  readonly #server: ApiServer;
  /** Without their schemas, which are large. */
  readonly #definitions = new KnownDefinitions();
  /** What is to be said of schemas, by definition. */
  readonly #violations = new Map<string, ReturnType<typeof nonStructuralCondition>>();
  readonly #queue: WorkQueue;
  readonly #cleanup: DefinitionCleanup;
  readonly #mirror: { start(): Promise<void>; stop(): void };

  constructor(server: ApiServer, onFailure: (error: unknown) => void) {
    this.#server = server;
    this.#cleanup = new DefinitionCleanup(server.loopback);
    this.#queue = new WorkQueue({
      work: (name) => this.#settle(name),
      onFailure,
      instruments: server.instruments.queues.of('crd_condition_controller'),
    });
    this.#mirror = server.loopback.mirror<Definition>(
      DEFINITIONS,
      { set: (definition) => this.#changed(definition), delete: (definition) => this.#gone(definition) },
      onFailure,
    );
  }

  /** Resolves when every definition has been looked at. */
  async start(): Promise<void> {
    await this.#mirror.start();
    await this.#queue.idle();
  }

  async stop(): Promise<void> {
    this.#mirror.stop();
    await this.#queue.stop();
  }

  #changed(definition: Definition): void {
    const name = definition.metadata.name ?? '';
    const old = this.#definitions.get(name);
    this.#definitions.set(name, withoutSchemas(definition));
    this.#violations.set(name, nonStructuralCondition(definition));
    this.#queue.add(name);
    if (old !== undefined && !semanticallyEqual(old.status.acceptedNames, definition.status.acceptedNames)) this.#wake(definition);
  }

  #gone(definition: Definition): void {
    this.#definitions.delete(definition.metadata.name ?? '');
    this.#violations.delete(definition.metadata.name ?? '');
    this.#wake(definition);
  }

  /** Names may have become free that another one waits for. */
  #wake({ spec }: Definition): void {
    for (const [name, other] of this.#definitions.inGroup(spec.group)) if (!isTrue(other, 'NamesAccepted')) this.#queue.add(name);
  }

  async #settle(name: string): Promise<'again' | undefined> {
    const seen = this.#definitions.get(name);
    if (seen === undefined) return undefined;
    if (seen.metadata.deletionTimestamp !== undefined) return this.#cleanup.run(seen);
    if (!semanticallyEqual(this.#judged(seen).status, seen.status)) await this.#updateStatus(name, seen);
    return undefined;
  }

  #judged(definition: Definition): Definition {
    const judged = structuredClone(definition);
    this.#judge(judged);
    return judged;
  }

  /** Sets what is to be said, in place. Names come first, so that every replica serves it when it is called established. */
  #judge(definition: Definition): void {
    const now = timeNow();
    const hadNames = isTrue(definition, 'NamesAccepted');
    const { names, namesAccepted, established } = acceptNames(definition, this.#definitions.inGroup(definition.spec.group).values());
    definition.status.acceptedNames = names;
    setCondition(definition, namesAccepted, now);
    setCondition(definition, established, now);
    const approval = approvalCondition(definition);
    if (approval !== undefined) setCondition(definition, approval, now);
    const violations = this.#violations.get(definition.metadata.name ?? '');
    if (violations === undefined) removeCondition(definition, 'NonStructuralSchema');
    else setCondition(definition, violations, now);
    if (hadNames && namesAccepted.status === 'True' && !isTrue(definition, 'Established'))
      setCondition(definition, hasValidBundle(definition) ? ESTABLISHED : INVALID_BUNDLE, now);
  }

  /** Whoever has changed it meanwhile makes this be looked at again. */
  async #updateStatus(name: string, seen: Definition): Promise<void> {
    try {
      await this.#server.loopback.updateStatus(DEFINITIONS, '', name, (object) => {
        const definition = object as Definition;
        definition.metadata.resourceVersion = seen.metadata.resourceVersion ?? '';
        this.#judge(definition);
      });
    } catch (error) {
      if (!hasReason(error, 'Conflict', 'NotFound')) throw error;
    }
  }
}

/** Schemas are large, and nothing here looks at them. */
function withoutSchemas(definition: Definition): Definition {
  const versions = (definition.spec.versions ?? []).map(({ name, served, storage }) => ({ name, served, storage }));
  return { ...definition, spec: { ...definition.spec, versions } };
}

function hasValidBundle({ spec }: Definition): boolean {
  return caBundleProblem(spec.conversion?.webhook?.clientConfig?.caBundle ?? '') === undefined;
}

const INVALID_BUNDLE = {
  type: 'Established',
  status: 'False',
  reason: 'InvalidCABundle',
  message: 'The conversion webhook CABundle is invalid',
} as const;

const ESTABLISHED = {
  type: 'Established',
  status: 'True',
  reason: 'InitialNamesAccepted',
  message: 'the initial names have been accepted',
} as const;
