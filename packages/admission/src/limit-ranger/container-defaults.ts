import type { core } from '@keelson/schema';
import type { CompiledLimits } from './compiled-limits.js';

type Pod = core.v1.Pod;
type Container = core.v1.Container;
type ResourceList = Record<string, string>;

const ANNOTATION = 'kubernetes.io/limit-ranger';

/** Completes the resources of containers, and notes on the pod what was set. In place. */
export function defaultContainerResources({ metadata, spec }: Pod, limits: CompiledLimits): void {
  const notes = [
    ...(spec.containers ?? []).flatMap((container) => complete(container, limits, 'container')),
    ...(spec.initContainers ?? []).flatMap((container) => complete(container, limits, 'init container')),
  ];
  if (notes.length > 0) metadata.annotations = { ...metadata.annotations, [ANNOTATION]: `LimitRanger plugin set: ${notes.join('; ')}` };
}

function complete(container: Container, { defaultLimits, defaultRequests }: CompiledLimits, what: string): string[] {
  const resources = container.resources ?? {};
  const [limits, requests] = [missing(resources.limits, defaultLimits), missing(resources.requests, defaultRequests)];
  if (limits.length === 0 && requests.length === 0) return [];
  container.resources = {
    ...resources,
    ...(limits.length > 0 && { limits: { ...resources.limits, ...picked(defaultLimits, limits) } }),
    ...(requests.length > 0 && { requests: { ...resources.requests, ...picked(defaultRequests, requests) } }),
  };
  const note = (names: readonly string[], list: string) =>
    names.length > 0 ? [`${names.join(', ')} ${list} for ${what} ${container.name}`] : [];
  return [...note(requests, 'request'), ...note(limits, 'limit')];
}

/** Names that a list lacks, sorted. */
function missing(list: Readonly<ResourceList> | undefined, defaults: Readonly<ResourceList>): string[] {
  return Object.keys(defaults)
    .filter((name) => list?.[name] === undefined)
    .sort();
}

function picked(from: Readonly<ResourceList>, names: readonly string[]): ResourceList {
  return Object.fromEntries(names.map((name) => [name, from[name] as string]));
}
