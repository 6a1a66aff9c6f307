import {
  dns1123Label,
  dns1123Subdomain,
  duplicate,
  type FieldError,
  type FieldPath,
  forbiddenField,
  invalidField,
  quote,
  required,
} from '@keelson/machinery';
import type { core } from '@keelson/schema';
import { validateRequiredForm } from '../../validation/names.js';
import { validateIscsiVolumeName } from './iscsi-volume.js';
import { type SourceName, sourceNames, validateSource } from './volume-sources.js';

type Volume = core.v1.Volume;

/** Where findings about a source are said to be, when it is not the source's own name. */
const reportedAs: Readonly<Partial<Record<SourceName, string>>> = { gcePersistentDisk: 'persistentDisk' };
/** The same of a source that is one too many. */
const excessReportedAs: Readonly<Partial<Record<SourceName, string>>> = { cephfs: 'cephFS', downwardAPI: 'downwarAPI' };

function validateSources(volume: Volume, at: FieldPath, inTemplate: boolean): FieldError[] {
  const [first, ...more] = sourceNames.filter((name) => volume[name]);
  if (first === undefined) return [required(at, 'must specify a volume type')];
  return [
    ...validateSource(first, volume, at.child(reportedAs[first] ?? first), inTemplate),
    ...more.map((name) => forbiddenField(at.child(excessReportedAs[name] ?? name), 'may not specify more than 1 volume type')),
  ];
}

/** A claim that is made along with a pod is named after the pod and the volume. */
function claimName(podName: string, volume: Volume): string {
  return `${podName}-${volume.name}`;
}

function validateClaimName(volume: Volume, podName: string, at: FieldPath): FieldError[] {
  if (!volume.ephemeral || podName === '' || volume.name === '') return [];
  const name = claimName(podName, volume);
  return dns1123Subdomain(name).map((detail) => invalidField(at, volume.name, `PVC name ${quote(name)}: ${detail}`));
}

function validateVolume(volume: Volume, at: FieldPath, names: ReadonlyMap<string, Volume>, podName: string): FieldError[] {
  const { name } = volume;
  const namePath = at.child('name');
  return [
    ...validateSources(volume, at, podName === ''),
    ...validateIscsiVolumeName(volume.iscsi, name, namePath),
    ...validateClaimName(volume, podName, namePath),
    ...validateRequiredForm(name, namePath, dns1123Label),
    ...(names.has(name) ? [duplicate(namePath, name)] : []),
  ];
}

/** Nobody else's claim can be one that is only made along with the pod. */
function validateForeignClaim(volume: Volume, made: ReadonlySet<string>, at: FieldPath): FieldError[] {
  const name = volume.persistentVolumeClaim?.claimName;
  if (name === undefined || !made.has(name)) return [];
  const here = at.child('persistentVolumeClaim', 'claimName');
  return [invalidField(here, name, 'must not reference a PVC that gets created for an ephemeral volume')];
}

/** Findings about volumes, and those volumes that are all right. The pod's name is '' in templates. */
export function validateVolumes(
  volumes: readonly Volume[],
  podName: string,
  at: FieldPath,
): { readonly errors: FieldError[]; readonly byName: ReadonlyMap<string, Volume> } {
  const ephemeral = podName === '' ? [] : volumes.filter((volume) => volume.ephemeral);
  const made = new Set(ephemeral.map((volume) => claimName(podName, volume)));
  const byName = new Map<string, Volume>();
  const errors = volumes.flatMap((volume, i) => {
    const here = at.index(i);
    const found = validateVolume(volume, here, byName, podName);
    if (found.length === 0) byName.set(volume.name, volume);
    return [...found, ...validateForeignClaim(volume, made, here)];
  });
  return { errors, byName };
}
