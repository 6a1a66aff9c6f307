import { type AdmissionAttributes, type AdmissionPlugin, type ApiError, forbidden, type ObjectReader } from '@keelson/machinery';
import type { core, scheduling } from '@keelson/schema';

type PriorityClass = scheduling.v1.PriorityClass;
type Pod = core.v1.Pod;

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
  readonly #classes: ObjectReader<PriorityClass>;

  constructor(classes: ObjectReader<PriorityClass>) {
    this.#classes = classes;
  }

  handles(operation: AdmissionAttributes['operation']): boolean {
    return operation === 'CREATE' || operation === 'UPDATE';
  }

  async admit(attributes: AdmissionAttributes): Promise<void> {
    const { resource, subresource, object, oldObject } = attributes;
    if (resource.group !== '' || resource.resource !== 'pods' || subresource !== '' || object === undefined) return;
    const { spec } = object as Pod;
    if (oldObject !== undefined) {
      keepStanding(spec, (oldObject as Pod).spec);
      return;
    }
    const standing = await this.#standingOf(attributes, spec.priorityClassName ?? '');
    checkGiven(attributes, spec, standing);
    if (standing.className !== undefined) spec.priorityClassName = standing.className;
    spec.priority = standing.priority;
    spec.preemptionPolicy = standing.preemptionPolicy;
  }

  async validate({ operation, resource, subresource, object }: AdmissionAttributes): Promise<void> {
    if (resource.group !== 'scheduling.k8s.io' || resource.resource !== 'priorityclasses' || subresource !== '') return;
    const wanted = object as PriorityClass | undefined;
    if (!wanted?.globalDefault) return;
    const other = await this.#defaultClass();
    const { name = '' } = wanted.metadata;
    if (other !== undefined && (operation === 'CREATE' || other.metadata.name !== name))
      throw forbidden(resource, name, `PriorityClass ${other.metadata.name} is already marked as default. Only one default can exist`);
  }

  async #standingOf(attributes: AdmissionAttributes, className: string): Promise<Standing> {
    const found = className === '' ? await this.#defaultClass() : await this.#class(attributes, className);
    if (found === undefined) return PLAIN;
    return {
      className: found.metadata.name,
      priority: found.value,
      preemptionPolicy: found.preemptionPolicy ?? PLAIN.preemptionPolicy,
    };
  }

  async #class({ resource, name }: AdmissionAttributes, className: string): Promise<PriorityClass> {
    const found = (await this.#classes.get('', className)) ?? (await this.#classes.getLatest('', className));
    if (found === undefined) throw forbidden(resource, name, `no PriorityClass with name ${className} was found`);
    return found;
  }

  /** Of several defaults, which only a race can make, the lowest one. */
  async #defaultClass(): Promise<PriorityClass | undefined> {
    const defaults = (await this.#classes.list('')).filter(({ globalDefault }) => globalDefault);
    return defaults.sort((a, b) => a.value - b.value)[0];
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

function computedOtherwise({ resource, name }: AdmissionAttributes, given: string, computed: string): ApiError {
  const why = `${given} must not be provided in pod spec; priority admission controller computed ${computed} from the given PriorityClass name`;
  return forbidden(resource, name, why);
}
