import type { core } from '@keelson/schema';

type PodSpec = core.v1.PodSpec;
type PodTemplate = core.v1.PodTemplateSpec;
type AnyContainer = core.v1.Container | core.v1.EphemeralContainer;

/** A feature that v1.34 has switched off: what of a pod belongs to it. */
interface Feature {
  isUsed(spec: PodSpec): boolean;
  drop(spec: PodSpec): void;
}

function containersOf({ initContainers, containers, ephemeralContainers }: PodSpec): AnyContainer[] {
  return [...(initContainers ?? []), ...(containers ?? []), ...(ephemeralContainers ?? [])];
}

/** A feature that is about single containers. */
function ofContainers(isUsed: (container: AnyContainer) => boolean, drop: (container: AnyContainer) => void): Feature {
  return {
    isUsed: (spec) => containersOf(spec).some(isUsed),
    drop: (spec) => containersOf(spec).filter(isUsed).forEach(drop),
  };
}

/** KEP-5307: rules when to restart a container. Sidecars, which restart always, are not part of it. */
const restartRules: Feature = {
  isUsed: (spec) => withRestartRules(spec).length > 0,
  drop(spec) {
    for (const container of withRestartRules(spec)) {
      if (!isSidecar(container, spec)) delete container.restartPolicy;
      delete container.restartPolicyRules;
    }
  },
};

function isSidecar(container: AnyContainer, { initContainers }: PodSpec): boolean {
  return container.restartPolicy === 'Always' && (initContainers?.some((one) => one === container) ?? false);
}

function withRestartRules(spec: PodSpec): AnyContainer[] {
  return containersOf(spec).filter((container) => {
    const { restartPolicy, restartPolicyRules } = container;
    return restartPolicyRules !== undefined || (restartPolicy !== undefined && !isSidecar(container, spec));
  });
}

/** KEP-4960: other signals to stop a container with. */
const stopSignals = ofContainers(
  ({ lifecycle }) => lifecycle?.stopSignal !== undefined,
  (container) => {
    delete container.lifecycle?.stopSignal;
    if (container.lifecycle && Object.keys(container.lifecycle).length === 0) delete container.lifecycle;
  },
);

/** KEP-3721: variables from files. */
const environmentFiles = ofContainers(
  ({ env }) => env?.some(({ valueFrom }) => valueFrom?.fileKeyRef) ?? false,
  ({ env }) => {
    for (const { valueFrom } of env ?? []) delete valueFrom?.fileKeyRef;
  },
);

/** KEP-4762: names of hosts that are not made of other fields. */
const hostnameOverride: Feature = {
  isUsed: (spec) => spec.hostnameOverride !== undefined,
  drop(spec) {
    delete spec.hostnameOverride;
  },
};

/** KEP-4639: images as volumes. These go with all mounts of them. */
const imageVolumes: Feature = {
  isUsed: ({ volumes = [] }) => volumes.some(({ image }) => image),
  drop(spec) {
    const gone = new Set(spec.volumes?.filter(({ image }) => image).map(({ name }) => name));
    const others = spec.volumes?.filter(({ name }) => !gone.has(name));
    if (others?.length) spec.volumes = others;
    else delete spec.volumes;
    for (const container of containersOf(spec)) dropMounts(container, gone);
  },
};

function dropMounts(container: AnyContainer, gone: ReadonlySet<string>): void {
  const others = container.volumeMounts?.filter(({ name }) => !gone.has(name));
  if (others?.length) container.volumeMounts = others;
  else delete container.volumeMounts;
}

/** KEP-3257 and KEP-4317: trust bundles and certificates in projected volumes. */
const projections: readonly Feature[] = (['clusterTrustBundle', 'podCertificate'] as const).map((field) => ({
  isUsed: (spec) => projectedSources(spec).some((source) => source[field] !== undefined),
  drop(spec) {
    for (const source of projectedSources(spec)) delete source[field];
  },
}));

function projectedSources({ volumes = [] }: PodSpec): core.v1.VolumeProjection[] {
  return volumes.flatMap(({ projected }) => projected?.sources ?? []);
}

const features: readonly Feature[] = [restartRules, stopSignals, environmentFiles, hostnameOverride, imageVolumes, ...projections];

/** Takes away what belongs to features that are off, in place. Who has it already, from a server that had them on, keeps it. */
export function dropDisabledPodFields(spec: PodSpec, old?: PodSpec): void {
  for (const feature of features) {
    if (feature.isUsed(spec) && !(old && feature.isUsed(old))) feature.drop(spec);
  }
}

/** The hooks of resources that have nothing else to prepare than the template of their pods. */
export function preparingTemplate<T>(templateOf: (object: T) => PodTemplate | undefined) {
  const prepare = (object: T, old?: T): void => {
    const template = templateOf(object);
    if (template) dropDisabledPodFields(template.spec, old === undefined ? undefined : templateOf(old)?.spec);
  };
  return {
    prepareForCreate: (object: T): void => prepare(object),
    prepareForUpdate: (object: T, old: T): void => prepare(object, old),
  };
}
