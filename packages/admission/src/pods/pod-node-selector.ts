import {
  type AdmissionAttributes,
  type AdmissionPlugin,
  findObject,
  internalError,
  type Json,
  type JsonObject,
  type ObjectReader,
  plainFailure,
} from '@keelson/machinery';
import { type core, shape } from '@keelson/schema';
import { onCreate } from '../operations.js';
import { refusedWrite } from '../refused-write.js';
import { type NodeLabels, parseNodeSelector } from './node-selector-text.js';
import { podOf } from './written-pod.js';

type Namespace = core.v1.Namespace;

const ANNOTATION = 'scheduler.alpha.kubernetes.io/node-selector';
const CLUSTER_DEFAULT = 'clusterDefaultNodeSelector';

/** Selectors by namespace: what its pods may ask for; and that of pods whose namespace has none. */
export type ClusterNodeSelectors = ReadonlyMap<string, NodeLabels>;

/** Reads the configuration of PodNodeSelector. Throws when a selector is none. */
export function readNodeSelectors(given: Json | undefined): ClusterNodeSelectors {
  const { podNodeSelectorPluginConfig } = (given ?? {}) as JsonObject;
  if (podNodeSelectorPluginConfig === undefined || podNodeSelectorPluginConfig === null) return new Map();
  const texts = shape.mapOf(shape.text).read(podNodeSelectorPluginConfig, 'podNodeSelectorPluginConfig', () => undefined);
  return new Map(Array.from(texts, ([namespace, text]) => [namespace, parseNodeSelector(text)]));
}

/** Pods of a namespace run on the nodes that it may use. */
export class PodNodeSelector implements AdmissionPlugin {
  readonly name = 'PodNodeSelector';
  readonly handles = onCreate;
  readonly #selectors: ClusterNodeSelectors;
  readonly #namespaces: ObjectReader<Namespace>;

  constructor(selectors: ClusterNodeSelectors, namespaces: ObjectReader<Namespace>) {
    this.#selectors = selectors;
    this.#namespaces = namespaces;
  }

  async admit(attributes: AdmissionAttributes): Promise<void> {
    const spec = podOf(attributes)?.spec;
    if (spec === undefined) return;
    const ofNamespace = await this.#ofNamespace(attributes.namespace);
    checkConflict(attributes, spec.nodeSelector, ofNamespace);
    if (Object.keys(ofNamespace).length > 0) spec.nodeSelector = { ...ofNamespace, ...spec.nodeSelector };
    this.#checkAllowed(attributes, spec.nodeSelector);
  }

  async validate(attributes: AdmissionAttributes): Promise<void> {
    const spec = podOf(attributes)?.spec;
    if (spec === undefined) return;
    checkConflict(attributes, spec.nodeSelector, await this.#ofNamespace(attributes.namespace));
    this.#checkAllowed(attributes, spec.nodeSelector);
  }

  async #ofNamespace(name: string): Promise<NodeLabels> {
    const namespace = await findObject(this.#namespaces, '', name);
    if (namespace === undefined) throw internalError(`namespace ${name} does not exist`);
    const text = namespace.metadata.annotations?.[ANNOTATION];
    return text === undefined ? (this.#selectors.get(CLUSTER_DEFAULT) ?? {}) : annotated(text);
  }

  /** Nothing listed is everything. */
  #checkAllowed(attributes: AdmissionAttributes, asked: NodeLabels = {}): void {
    const allowed = this.#selectors.get(attributes.namespace) ?? {};
    if (Object.keys(allowed).length === 0 || Object.entries(asked).every(([key, value]) => allowed[key] === value)) return;
    throw refusedWrite(attributes, 'pod node label selector labels conflict with its namespace whitelist');
  }
}

function annotated(text: string): NodeLabels {
  try {
    return parseNodeSelector(text);
  } catch (error) {
    throw plainFailure((error as Error).message);
  }
}

function checkConflict(attributes: AdmissionAttributes, asked: NodeLabels = {}, ofNamespace: NodeLabels): void {
  if (Object.entries(ofNamespace).every(([key, value]) => asked[key] === undefined || asked[key] === value)) return;
  throw refusedWrite(attributes, 'pod node label selector conflicts with its namespace node label selector');
}
