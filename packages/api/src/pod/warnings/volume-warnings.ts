import { type FieldPath, hasFeature } from '@keelson/machinery';
import type { core } from '@keelson/schema';
import { claimSpecWarnings } from '../../warnings/claim-warnings.js';
import { overlappingPathWarnings } from './overlapping-paths.js';

type Volume = core.v1.Volume;

/** Volume sources that are on their way out, or gone: of pods and, but for two, of persistent volumes. */
const deprecatedSources = {
  photonPersistentDisk: 'deprecated in v1.11, non-functional in v1.16+',
  gitRepo: 'deprecated in v1.11',
  scaleIO: 'deprecated in v1.16, non-functional in v1.22+',
  flocker: 'deprecated in v1.22, non-functional in v1.25+',
  storageos: 'deprecated in v1.22, non-functional in v1.25+',
  quobyte: 'deprecated in v1.22, non-functional in v1.25+',
  glusterfs: 'deprecated in v1.25, non-functional in v1.26+',
  cephfs: 'deprecated in v1.28, non-functional in v1.31+',
  rbd: 'deprecated in v1.28, non-functional in v1.31+',
} as const satisfies Partial<Record<keyof Volume, string>>;

type DeprecatedSource = keyof typeof deprecatedSources;

/** Of those of the `sources` that `holder` has. */
export function sourceWarnings<S extends DeprecatedSource>(
  holder: { readonly [source in S]?: unknown },
  sources: readonly S[],
  at: FieldPath | undefined,
): string[] {
  return sources
    .filter((source) => holder[source] !== undefined)
    .map((source) => {
      // Clients know this one under another name here.
      const name = source === 'storageos' ? 'storageOS' : source;
      const disabled = source === 'gitRepo' && !hasFeature('GitRepoVolumeDriver') ? ', and disabled by default in v1.33+' : '';
      return `${at?.child(name) ?? name}: ${deprecatedSources[source]}${disabled}`;
    });
}

export function volumeWarnings(volumes: readonly Volume[], at: FieldPath): string[] {
  const sources = Object.keys(deprecatedSources) as DeprecatedSource[];
  return [
    ...volumes.flatMap((volume, i) => {
      const claim = volume.ephemeral?.volumeClaimTemplate?.spec;
      return [
        ...sourceWarnings(volume, sources, at.index(i)),
        ...(claim === undefined ? [] : claimSpecWarnings(claim, at.index(i).child('ephemeral', 'volumeClaimTemplate', 'spec'))),
      ];
    }),
    ...overlappingPathWarnings(volumes),
  ];
}
