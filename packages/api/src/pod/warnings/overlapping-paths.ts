import { quote } from '@keelson/machinery';
import type { core } from '@keelson/schema';

type Volume = core.v1.Volume;
type Projection = core.v1.VolumeProjection;

/** A file of a volume, and what of the volume it is from; '' where the volume has one source. */
interface PlacedFile {
  readonly path: string;
  readonly source: string;
}

interface WithPath {
  readonly path?: string;
}

function filesOf(items: readonly WithPath[] | undefined, source = ''): PlacedFile[] {
  return (items ?? []).map(({ path = '' }) => ({ path: path.replace(/\/+$/, ''), source }));
}

function shown({ path, source }: PlacedFile): string {
  return source === '' ? quote(path) : `${quote(path)} (${source})`;
}

/** The same file, or one that would have to be the directory of the other. */
function overlap({ path: a }: PlacedFile, { path: b }: PlacedFile): boolean {
  return a !== '' && b !== '' && (`${a}/`.startsWith(`${b}/`) || `${b}/`.startsWith(`${a}/`));
}

function overlaps(files: readonly PlacedFile[]): string[] {
  return files.flatMap((file, i) =>
    files
      .slice(0, i)
      .filter((earlier) => overlap(earlier, file))
      .map((earlier) => `${shown(file)} with ${shown(earlier)}`),
  );
}

function certificateFiles({ certificateChainPath, keyPath, credentialBundlePath }: core.v1.PodCertificateProjection): PlacedFile[] {
  return [
    ...filesOf(certificateChainPath ? [{ path: certificateChainPath }] : [], 'PodCertificate chain'),
    ...filesOf(keyPath ? [{ path: keyPath }] : [], 'PodCertificate key'),
    ...filesOf(credentialBundlePath ? [{ path: credentialBundlePath }] : [], 'PodCertificate credential bundle'),
  ];
}

/** The files of a source, of which the first one counts that is there. */
function projectedFiles(projection: Projection): PlacedFile[] {
  const { configMap, secret, downwardAPI, serviceAccountToken, clusterTrustBundle, podCertificate } = projection;
  if (configMap?.items) return filesOf(configMap.items, `ConfigMap ${quote(configMap.name ?? '')}`);
  if (secret?.items) return filesOf(secret.items, `Secret ${quote(secret.name ?? '')}`);
  if (downwardAPI?.items) return filesOf(downwardAPI.items, 'DownwardAPI');
  if (serviceAccountToken) return filesOf([serviceAccountToken], 'ServiceAccountToken');
  if (clusterTrustBundle) {
    const { name, signerName = '' } = clusterTrustBundle;
    return filesOf([clusterTrustBundle], `ClusterTrustBundle ${quote(name ?? signerName)}`);
  }
  return podCertificate ? certificateFiles(podCertificate) : [];
}

function projectionWarnings({ name, projected }: Volume): string[] {
  const sources = projected?.sources ?? [];
  const isEmpty = (source: Projection) => Object.keys(source).length === 0;
  return [
    ...sources.filter(isEmpty).map(() => `volume ${quote(name)} (Projected) has no sources provided`),
    ...overlaps(sources.flatMap(projectedFiles)).map((found) => overlapping(name, 'Projected', found)),
  ];
}

function overlapping(volume: string, what: string, found: string): string {
  return `volume ${quote(volume)} (${what}): overlapping paths: ${found}`;
}

/** Of files of a volume that cannot be there side by side. */
export function overlappingPathWarnings(volumes: readonly Volume[]): string[] {
  return volumes.flatMap((volume) => {
    const { name, configMap, secret, downwardAPI } = volume;
    const warn = (items: readonly WithPath[] | undefined, what: string) =>
      overlaps(filesOf(items)).map((found) => overlapping(name, what, found));
    return [
      ...warn(configMap?.items, `ConfigMap ${quote(configMap?.name ?? '')}`),
      ...warn(secret?.items, `Secret ${quote(secret?.secretName ?? '')}`),
      ...warn(downwardAPI?.items, 'DownwardAPI'),
      ...projectionWarnings(volume),
    ];
  });
}
