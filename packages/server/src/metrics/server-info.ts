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
