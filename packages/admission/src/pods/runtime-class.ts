import { type AdmissionAttributes, type AdmissionPlugin, type ApiError, findObject, type ObjectReader, Quantity } from '@keelson/machinery';
import type { core, node } from '@keelson/schema';
import { onCreate } from '../operations.js';
import { refusedWrite } from '../refused-write.js';
import { mergedTolerations } from './tolerations.js';
import { podOf } from './written-pod.js';

type PodSpec = core.v1.PodSpec;
type Class = node.v1.RuntimeClass;
type Amounts = Readonly<Record<string, string>>;

/** Pods get what their runtime class costs, and go where it is supported (KEP-585, KEP-688). */
export class RuntimeClass implements AdmissionPlugin {
  readonly name = 'RuntimeClass';
  readonly handles = onCreate;
  readonly resources = ['pods'];
  readonly #classes: ObjectReader<Class>;

  constructor(classes: ObjectReader<Class>) {
    this.#classes = classes;
  }

  admit(attributes: AdmissionAttributes): Promise<void> | void {
    const spec = podOf(attributes)?.spec;
    if (spec?.runtimeClassName === undefined) return;
    return this.#class(attributes, spec.runtimeClassName).then(({ overhead, scheduling }) => {
      if (overhead !== undefined) setOverhead(attributes, spec, overhead.podFixed ?? {});
      if (scheduling !== undefined) setScheduling(attributes, spec, scheduling);
    });
  }

  validate(attributes: AdmissionAttributes): Promise<void> | void {
    const spec = podOf(attributes)?.spec;
    if (spec?.runtimeClassName !== undefined) return this.#validateClass(attributes, spec, spec.runtimeClassName);
    if (spec?.overhead !== undefined) throw overheadWithoutClass(attributes);
  }

  async #validateClass(attributes: AdmissionAttributes, spec: PodSpec, name: string): Promise<void> {
    const { overhead } = await this.#class(attributes, name);
    if (overhead !== undefined) checkOverhead(attributes, spec.overhead ?? {}, overhead.podFixed ?? {});
    else if (spec.overhead !== undefined) throw overheadWithoutClass(attributes);
  }

  async #class(attributes: AdmissionAttributes, name: string): Promise<Class> {
    const found = await findObject(this.#classes, '', name);
    if (found === undefined) throw refusedWrite(attributes, `pod rejected: RuntimeClass ${JSON.stringify(name)} not found`);
    return found;
  }
}

function overheadWithoutClass(attributes: AdmissionAttributes): ApiError {
  return refusedWrite(attributes, 'pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead');
}

function setOverhead(attributes: AdmissionAttributes, spec: PodSpec, amounts: Amounts): void {
  if (spec.overhead !== undefined) checkOverhead(attributes, spec.overhead, amounts);
  spec.overhead = { ...amounts };
}

function checkOverhead(attributes: AdmissionAttributes, given: Amounts, wanted: Amounts): void {
  const names = new Set([...Object.keys(given), ...Object.keys(wanted)]);
  if ([...names].every((name) => sameAmount(given[name], wanted[name]))) return;
  throw refusedWrite(attributes, "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead");
}

function sameAmount(a: string | undefined, b: string | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && Quantity.parse(a).equals(Quantity.parse(b)));
}

function setScheduling(attributes: AdmissionAttributes, spec: PodSpec, { nodeSelector = {}, tolerations }: node.v1.Scheduling): void {
  for (const [label, value] of Object.entries(nodeSelector)) {
    const given = spec.nodeSelector?.[label];
    if (given !== undefined && given !== value)
      throw refusedWrite(
        attributes,
        `conflict: runtimeClass.scheduling.nodeSelector[${label}] = ${value}; pod.spec.nodeSelector[${label}] = ${given}`,
      );
  }
  if (Object.keys(nodeSelector).length > 0) spec.nodeSelector = { ...spec.nodeSelector, ...nodeSelector };
  const merged = mergedTolerations(spec.tolerations, tolerations);
  if (merged.length > 0) spec.tolerations = merged;
}
