import { type Features, featureGates } from '@keelson/machinery';
import type { VersionInfo } from '../version/version.js';
import { CollectedFamily, CounterFamily } from './registry/family.js';
import type { MetricsRegistry } from './registry/metrics-registry.js';

/** Which release this is, as labels of a constant. */
export function addBuildInfo(registry: MetricsRegistry, info: VersionInfo): void {
  const { major, minor, gitVersion, gitCommit, gitTreeState, buildDate, goVersion, compiler, platform } = info;
  const labels = ['major', 'minor', 'git_version', 'git_commit', 'git_tree_state', 'build_date', 'go_version', 'compiler', 'platform'];
  const values = [major, minor, gitVersion, gitCommit, gitTreeState, buildDate, goVersion, compiler, platform];
  const help = '[ALPHA] 1, with the release and what it was built with as labels.';
  registry.add(new CollectedFamily('gauge', 'kubernetes_build_info', help, labels, () => [[values, 1]]));
}

/** Which release's behaviour this is, and down to which one it can be taken back. */
export function addVersionInfo(registry: MetricsRegistry, info: VersionInfo): void {
  const of = (what: 'emulation' | 'minCompatibility') => `${info[`${what}Major`]}.${info[`${what}Minor`]}`;
  const values = ['kube', info.gitVersion.slice(1), of('emulation'), of('minCompatibility')];
  const help = '[ALPHA] 1, with the version of the program and of what it is compatible with as labels.';
  const labels = ['component', 'binary', 'emulation', 'min_compat'];
  registry.add(new CollectedFamily('gauge', 'version_info', help, labels, () => [[values, 1]]));
}

/** How many metrics there are of each stability; those that others make have none. */
export function addRegisteredMetrics(registry: MetricsRegistry): void {
  const collect = () => {
    const counts = new Map<string, number>();
    for (const { help } of registry.families) {
      const level = /^\[([A-Z]+)\]/.exec(help)?.[1];
      if (level !== undefined) counts.set(level, (counts.get(level) ?? 0) + 1);
    }
    return Array.from(counts, ([level, count]): [string[], number] => [[level, ''], count]);
  };
  const help = '[BETA] Metrics that can be shown, by their stability.';
  registry.add(new CollectedFamily('counter', 'registered_metrics_total', help, ['stability_level', 'deprecated_version'], collect));
}

/** How many metrics are not to be shown. */
export function addDisabledMetrics(registry: MetricsRegistry): void {
  const help = '[BETA] Metrics that are not to be shown.';
  registry.add(new CollectedFamily('counter', 'disabled_metrics_total', help, [], () => [[[], registry.disabled.size]]));
}

/** Which feature gates are on, and how far each feature is; that of a feature that is there for good has no word. */
export function addFeatures(registry: MetricsRegistry, features: Features): void {
  const series = [...featureGates].map(([name, { stage }]): [string[], number] => {
    return [[name, stage === 'ga' ? '' : stage.toUpperCase()], features.get(name) === true ? 1 : 0];
  });
  const help = '[BETA] Whether a feature is enabled, and its stage.';
  registry.add(new CollectedFamily('gauge', 'kubernetes_feature_enabled', help, ['name', 'stage'], () => series));
}

/** For `ListenerOptions.onHandshakeError`. */
export function handshakeErrors(registry: MetricsRegistry): () => void {
  const failed = registry.add(new CounterFamily('apiserver_tls_handshake_errors_total', '[ALPHA] Failed TLS handshakes.', [])).child();
  return () => failed.add();
}

/** For `DiscoveryOptions.onAggregated`. */
export function discoveryAggregations(registry: MetricsRegistry): () => void {
  const help = '[ALPHA] Times that what all groups have was gathered in one document.';
  const made = registry.add(new CounterFamily('aggregator_discovery_aggregation_count_total', help, [])).child();
  return () => made.add();
}
