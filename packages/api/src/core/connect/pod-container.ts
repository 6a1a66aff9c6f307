import { badRequest } from '@keelson/machinery';
import type { core } from '@keelson/schema';

/** The container that is meant; throws 400 when there is no such container, or it has to be said which. */
export function containerOf({ metadata, spec }: core.v1.Pod, asked: string): string {
  const { name = '' } = metadata;
  const containers = spec.containers ?? [];
  const all = [...(spec.initContainers ?? []), ...containers, ...(spec.ephemeralContainers ?? [])].map((container) => container.name);
  if (asked !== '') {
    if (!all.includes(asked)) throw badRequest(`container ${asked} is not valid for pod ${name}`);
    return asked;
  }
  if (containers.length === 1) return (containers[0] as core.v1.Container).name;
  const choice = containers.length === 0 ? '' : `, choose one of: [${all.join(' ')}]`;
  throw badRequest(`a container name must be specified for pod ${name}${choice}`);
}

/** The node of a pod; throws 400 before there is one. */
export function nodeNameOf({ metadata, spec }: core.v1.Pod): string {
  if (!spec.nodeName) throw badRequest(`pod ${metadata.name} does not have a host assigned`);
  return spec.nodeName;
}
