import { Buffer } from 'node:buffer';
import {
  type AdmissionAttributes,
  type AdmissionPlugin,
  findObject,
  type Json,
  notFound,
  type ObjectReader,
  plainFailure,
} from '@keelson/machinery';
import { type core, parseBody, qosClass } from '@keelson/schema';
import { onCreateAndUpdate } from '../operations.js';
import { readToleration, type TolerationDefaults } from './toleration-defaults.js';
import { areAllowed, mergedTolerations } from './tolerations.js';
import { podOf } from './written-pod.js';

type Toleration = core.v1.Toleration;
type Namespace = core.v1.Namespace;

const DEFAULTS_ANNOTATION = 'scheduler.alpha.kubernetes.io/defaultTolerations';
const WHITELIST_ANNOTATION = 'scheduler.alpha.kubernetes.io/tolerationsWhitelist';

const MEMORY_PRESSURE: Toleration = { key: 'node.kubernetes.io/memory-pressure', operator: 'Exists', effect: 'NoSchedule' };

/** Pods tolerate what their namespace says, and nothing that it does not let them. */
export class PodTolerationRestriction implements AdmissionPlugin {
  readonly name = 'PodTolerationRestriction';
  readonly handles = onCreateAndUpdate;
  readonly #cluster: TolerationDefaults;
  readonly #namespaces: ObjectReader<Namespace>;

  constructor(cluster: TolerationDefaults, namespaces: ObjectReader<Namespace>) {
    this.#cluster = cluster;
    this.#namespaces = namespaces;
  }

  async admit(attributes: AdmissionAttributes): Promise<void> {
    const pod = podOf(attributes);
    if (pod === undefined) return;
    const added = attributes.operation === 'CREATE' ? await this.#defaults(attributes.namespace) : [];
    const all = (pod.status?.qosClass || qosClass(pod.spec)) === 'BestEffort' ? added : [...added, MEMORY_PRESSURE];
    if (all.length > 0) pod.spec.tolerations = mergedTolerations(pod.spec.tolerations, all);
    await this.validate(attributes);
  }

  async validate(attributes: AdmissionAttributes): Promise<void> {
    const tolerations = podOf(attributes)?.spec.tolerations ?? [];
    if (tolerations.length === 0) return;
    const ofNamespace = annotated(await this.#namespace(attributes.namespace), WHITELIST_ANNOTATION);
    if (areAllowed(tolerations, ofNamespace ?? this.#cluster.whitelist)) return;
    const whose = ofNamespace === undefined ? 'cluster' : 'namespace';
    throw plainFailure(`pod tolerations (possibly merged with namespace default tolerations) conflict with its ${whose} whitelist`);
  }

  async #defaults(namespace: string): Promise<readonly Toleration[]> {
    return annotated(await this.#namespace(namespace), DEFAULTS_ANNOTATION) ?? this.#cluster.default;
  }

  async #namespace(name: string): Promise<Namespace> {
    const namespace = await findObject(this.#namespaces, '', name);
    if (namespace === undefined) throw notFound({ group: '', resource: 'namespaces' }, name);
    return namespace;
  }
}

/** Undefined where the namespace does not say: an empty text says none. */
function annotated({ metadata }: Namespace, annotation: string): readonly Toleration[] | undefined {
  const text = metadata.annotations?.[annotation];
  if (text === undefined || text === '') return text === '' ? [] : undefined;
  try {
    return listOf(parseBody(Buffer.from(text), 'json').value).map(readToleration);
  } catch (error) {
    throw plainFailure((error as Error).message);
  }
}

function listOf(value: Json): Json[] {
  if (value === null) return [];
  if (Array.isArray(value)) return value;
  throw new Error(`json: cannot unmarshal ${typeof value} into Go value of type []v1.Toleration`);
}
