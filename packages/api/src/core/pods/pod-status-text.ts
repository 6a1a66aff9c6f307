import type { core } from '@keelson/schema';

type Pod = core.v1.Pod;
type ContainerStatus = core.v1.ContainerStatus;

/** What a table says of a pod: its state in a word, and counts of its containers. */
export interface PodSummary {
  readonly reason: string;
  readonly readyContainers: number;
  readonly totalContainers: number;
  readonly restarts: number;
  /** When a container ended last, among those whose restarts are counted. */
  readonly lastRestart: string | undefined;
}

/** Restarts and the last time one was needed. */
class RestartCount {
  count = 0;
  last: string | undefined;

  add({ restartCount, lastState }: ContainerStatus): void {
    this.count += restartCount ?? 0;
    const finishedAt = lastState?.terminated?.finishedAt;
    if (finishedAt && (this.last === undefined || Date.parse(finishedAt) > Date.parse(this.last))) this.last = finishedAt;
  }
}

function hasCondition({ status }: Pod, type: string): boolean {
  return status.conditions?.some((condition) => condition.type === type && condition.status === 'True') ?? false;
}

function phaseText({ status }: Pod): string {
  const gated = status.conditions?.some(({ type, reason }) => type === 'PodScheduled' && reason === 'SchedulingGated');
  return gated ? 'SchedulingGated' : (status.reason ?? status.phase ?? '');
}

/** How a container ended, for want of a reason. */
function exitText({ signal, exitCode }: core.v1.ContainerStateTerminated): string {
  return signal ? `Signal:${signal}` : `ExitCode:${exitCode}`;
}

interface InitProgress {
  /** Set while the first init container that is not done holds up the rest. */
  readonly reason: string | undefined;
  readonly ready: number;
  readonly restarts: RestartCount;
  readonly sidecarRestarts: RestartCount;
}

/** Why an init container is not done; undefined when it is, or when it is a sidecar that has started. */
function initReason(container: ContainerStatus, index: number, total: number, sidecar: boolean): string | undefined {
  const { terminated, waiting } = container.state ?? {};
  if (terminated?.exitCode === 0 || (sidecar && container.started)) return undefined;
  if (terminated) return `Init:${terminated.reason || exitText(terminated)}`;
  if (waiting?.reason && waiting.reason !== 'PodInitializing') return `Init:${waiting.reason}`;
  return `Init:${index}/${total}`;
}

function initProgress({ spec, status }: Pod): InitProgress {
  const all = spec.initContainers ?? [];
  const sidecars = new Set(all.filter(({ restartPolicy }) => restartPolicy === 'Always').map(({ name }) => name));
  const restarts = new RestartCount();
  const sidecarRestarts = new RestartCount();
  let ready = 0;
  for (const [i, container] of (status.initContainerStatuses ?? []).entries()) {
    const sidecar = sidecars.has(container.name);
    restarts.add(container);
    if (sidecar) sidecarRestarts.add(container);
    const reason = initReason(container, i, all.length, sidecar);
    if (reason !== undefined) return { reason, ready, restarts, sidecarRestarts };
    if (sidecar && container.state?.terminated?.exitCode !== 0 && container.ready) ready++;
  }
  return { reason: undefined, ready, restarts, sidecarRestarts };
}

/** Containers are looked at from the last to the first: the first one that has something to say is heard. */
function mainReason(pod: Pod, before: string, restarts: RestartCount): { reason: string; ready: number } {
  let reason = before;
  let ready = 0;
  for (const container of (pod.status.containerStatuses ?? []).toReversed()) {
    restarts.add(container);
    const { waiting, terminated, running } = container.state ?? {};
    if (waiting?.reason) reason = waiting.reason;
    else if (terminated) reason = terminated.reason || exitText(terminated);
    else if (container.ready && running) ready++;
  }
  if (reason === 'Completed' && ready > 0) reason = hasCondition(pod, 'Ready') ? 'Running' : 'NotReady';
  return { reason, ready };
}

function deletionText({ metadata, status }: Pod): string | undefined {
  if (metadata.deletionTimestamp === undefined) return undefined;
  if (status.reason === 'NodeLost') return 'Unknown';
  return status.phase === 'Succeeded' || status.phase === 'Failed' ? undefined : 'Terminating';
}

export function summarizePod(pod: Pod): PodSummary {
  const { containers, initContainers = [] } = pod.spec;
  const totalContainers = (containers?.length ?? 0) + initContainers.filter(({ restartPolicy }) => restartPolicy === 'Always').length;
  const init = initProgress(pod);
  let reason = init.reason ?? phaseText(pod);
  let readyContainers = init.ready;
  let { restarts } = init;
  if (init.reason === undefined || hasCondition(pod, 'Initialized')) {
    restarts = init.sidecarRestarts;
    const main = mainReason(pod, reason, restarts);
    reason = main.reason;
    readyContainers += main.ready;
  }
  return { reason: deletionText(pod) ?? reason, readyContainers, totalContainers, restarts: restarts.count, lastRestart: restarts.last };
}
