import { type core, dropMember } from '@keelson/schema';
import type { GatedField } from '@keelson/server';

type PodSpec = core.v1.PodSpec;
type AnyContainer = core.v1.Container | core.v1.EphemeralContainer;

function containersOf({ initContainers, containers, ephemeralContainers }: PodSpec): AnyContainer[] {
  return [...(initContainers ?? []), ...(containers ?? []), ...(ephemeralContainers ?? [])];
}

/** KEP-5307: rules when to restart a container. Sidecars, which restart always, are not part of it. */
export const containerRestartRules: GatedField<PodSpec> = {
  feature: 'ContainerRestartRules',
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

/** KEP-4960: other signals to stop a container with. A lifecycle that says nothing else goes, too. */
export const stopSignals: GatedField<PodSpec> = {
  feature: 'ContainerStopSignals',
  isUsed: (spec) => withStopSignal(spec).length > 0,
  drop(spec) {
    for (const container of withStopSignal(spec)) {
      delete container.lifecycle?.stopSignal;
      if (container.lifecycle && Object.keys(container.lifecycle).length === 0) delete container.lifecycle;
    }
  },
};

function withStopSignal(spec: PodSpec): AnyContainer[] {
  return containersOf(spec).filter(({ lifecycle }) => lifecycle?.stopSignal !== undefined);
}

/** KEP-4639: images as volumes. These go with all mounts of them. */
export const imageVolumes: GatedField<PodSpec> = {
  feature: 'ImageVolume',
  isUsed: ({ volumes = [] }) => volumes.some(({ image }) => image),
  drop(spec) {
    const gone = new Set(spec.volumes?.filter(({ image }) => image).map(({ name }) => name));
    dropNamed(spec, 'volumes', gone);
    for (const container of containersOf(spec)) dropNamed(container, 'volumeMounts', gone);
  },
};

/** The lists are made anew, and one with nothing in it is not there, however it was sent. */
function dropNamed<K extends string>(holder: { [key in K]?: { readonly name: string }[] }, list: K, gone: ReadonlySet<string>): void {
  const left = gone.size === 0 ? holder[list] : holder[list]?.filter(({ name }) => !gone.has(name));
  if (left?.length) holder[list] = left as (typeof holder)[K];
  else dropMember(holder, list);
}

/** KEP-4265: other ways to mount /proc. The field itself stays: older releases have stored it everywhere. */
export const procMounts: GatedField<PodSpec> = {
  feature: 'ProcMountType',
  isUsed: (spec) => containersOf(spec).some(({ securityContext }) => (securityContext?.procMount ?? 'Default') !== 'Default'),
  drop(spec) {
    for (const { securityContext } of containersOf(spec)) {
      if (securityContext?.procMount !== undefined) securityContext.procMount = 'Default';
    }
  },
};

/** KEP-3294: what a claim is filled from may be in another namespace. Such a source goes as a whole. */
export const crossNamespaceSources: GatedField<core.v1.PersistentVolumeClaim> = {
  feature: 'CrossNamespaceVolumeDataSource',
  isUsed: ({ spec }) => spec.dataSourceRef !== undefined,
  drop({ spec }) {
    if (spec.dataSourceRef?.namespace) delete spec.dataSourceRef;
  },
};
