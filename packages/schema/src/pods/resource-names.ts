import { qualifiedName } from '@keelson/machinery';

export function isHugePages(name: string): boolean {
  return name.startsWith('hugepages-');
}

/** Resources that Kubernetes knows of itself; the others are of device plugins and the like. */
export function isNativeResource(name: string): boolean {
  return !name.includes('/') || name.includes('kubernetes.io/');
}

/** A resource of somebody else's, counted in pieces: `example.com/gpu`. */
export function isExtendedResource(name: string): boolean {
  return !isNativeResource(name) && !name.startsWith('requests.') && qualifiedName(`requests.${name}`).length === 0;
}
