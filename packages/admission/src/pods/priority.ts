import {
  type AdmissionAttributes,
  type AdmissionPlugin,
  type ApiError,
  findObject,
  type ObjectAccess,
  type ObjectReader,
  type ObjectReceiver,
} from '@keelson/machinery';
import type { core, scheduling } from '@keelson/schema';
import { onCreateAndUpdate } from '../operations.js';
import { refusedWrite } from '../refused-write.js';
import { podOf } from './written-pod.js';

type PriorityClass = scheduling.v1.PriorityClass;
type Pod = core.v1.Pod;

const PRIORITY_CLASSES = { group: 'scheduling.k8s.io', version: 'v1', resource: 'priorityclasses' };

/** What a class gives a pod. */
interface Standing {
  readonly className: string | undefined;
  readonly priority: number;
  readonly preemptionPolicy: string;
}

const PLAIN: Standing = { className: undefined, priority: 0, preemptionPolicy: 'PreemptLowerPriority' };

/** Gives pods the priority of their class, or of the default one, and keeps the default one unique. */
export class Priority implements AdmissionPlugin {
  readonly name = 'Priority';
  readonly handles = onCreateAndUpdate;
  readonly resources = ['pods', 'priorityclasses.scheduling.k8s.io'];
  readonly #classes: ObjectReader<PriorityClass>;
  readonly #defaults = new DefaultClasses();

  constructor(objects: ObjectAccess) {
    this.#classes = objects.reader(PRIORITY_CLASSES);
    objects.follow(PRIORITY_CLASSES, this.#defaults);
  }

  admit(attributes: AdmissionAttributes): Promise<void> | void {
    const spec = podOf(attributes)?.spec;
    if (spec === undefined) return;
    if (attributes.oldObject !== undefined) return keepStanding(spec, (attributes.oldObject as Pod).spec);
    const { priorityClassName = '' } = spec;
    if (priorityClassName === '') return setStanding(attributes, spec, standingOf(this.#defaults.lowest));
    return this.#class(attributes, priorityClassName).then((found) => setStanding(attributes, spec, standingOf(found)));
  }

  validate(attributes: AdmissionAttributes): void {
    const { operation, resource, subresource, object } = attributes;
    if (resource.group !== 'scheduling.k8s.io' || resource.resource !== 'priorityclasses' || subresource !== '') return;
    const wanted = object as PriorityClass | undefined;
    if (!wanted?.globalDefault) return;
    const other = this.#defaults.lowest;
    if (other !== undefined && (operation === 'CREATE' || other.metadata.name !== wanted.metadata.name))
      throw refusedWrite(attributes, `PriorityClass ${other.metadata.name} is already marked as default. Only one default can exist`);
  }

  async #class(attributes: AdmissionAttributes, className: string): Promise<PriorityClass> {
    const found = await findObject(this.#classes, '', className);
    if (found === undefined) throw refusedWrite(attributes, `no PriorityClass with name ${className} was found`);
    return found;
  }
}

function standingOf(found: PriorityClass | undefined): Standing {
  if (found === undefined) return PLAIN;
  return {
    className: found.metadata.name,
    priority: found.value,
    preemptionPolicy: found.preemptionPolicy ?? PLAIN.preemptionPolicy,
  };
}

function setStanding(attributes: AdmissionAttributes, spec: Pod['spec'], standing: Standing): void {
  checkGiven(attributes, spec, standing);
  if (standing.className !== undefined) spec.priorityClassName = standing.className;
  spec.priority = standing.priority;
  spec.preemptionPolicy = standing.preemptionPolicy;
}

/** The classes of pods that name none. There is one, where no race has made two. */
class DefaultClasses implements ObjectReceiver<PriorityClass> {
  readonly #byName = new Map<string, PriorityClass>();

  set(one: PriorityClass): void {
    if (one.globalDefault) this.#byName.set(one.metadata.name ?? '', one);
    else this.delete(one);
  }

  delete({ metadata }: PriorityClass): void {
    this.#byName.delete(metadata.name ?? '');
  }

  get lowest(): PriorityClass | undefined {
    return [...this.#byName.values()].sort((a, b) => a.value - b.value)[0];
  }
}

/** A pod keeps the priority it was created with, whatever has become of its class; that nobody else changes it, validation sees to. */
function keepStanding(spec: Pod['spec'], { priority, preemptionPolicy }: Pod['spec']): void {
  if (priority !== undefined) spec.priority ??= priority;
  if (preemptionPolicy !== undefined) spec.preemptionPolicy ??= preemptionPolicy;
}

function checkGiven(attributes: AdmissionAttributes, spec: Pod['spec'], { priority, preemptionPolicy }: Standing): void {
  if (spec.priority !== undefined && spec.priority !== priority)
    throw computedOtherwise(attributes, `the integer value of priority (${spec.priority})`, String(priority));
  if (spec.preemptionPolicy !== undefined && spec.preemptionPolicy !== preemptionPolicy)
    throw computedOtherwise(attributes, `the string value of PreemptionPolicy (${spec.preemptionPolicy})`, preemptionPolicy);
}

function computedOtherwise(attributes: AdmissionAttributes, given: string, computed: string): ApiError {
  const why = `${given} must not be provided in pod spec; priority admission controller computed ${computed} from the given PriorityClass name`;
  return refusedWrite(attributes, why);
}
