import type { VersionInfo } from '../version/version.js';
import { CollectedFamily, CounterFamily } from './family.js';
import type { MetricsRegistry } from './metrics-registry.js';

/** Which release this is, as labels of a constant. */
export function addBuildInfo(registry: MetricsRegistry, info: VersionInfo): void {
  const { major, minor, gitVersion, gitCommit, gitTreeState, buildDate, goVersion, compiler, platform } = info;
  const labels = ['major', 'minor', 'git_version', 'git_commit', 'git_tree_state', 'build_date', 'go_version', 'compiler', 'platform'];
  const values = [major, minor, gitVersion, gitCommit, gitTreeState, buildDate, goVersion, compiler, platform];
  const help = '[ALPHA] 1, with the release and what it was built with as labels.';
  registry.add(new CollectedFamily('gauge', 'kubernetes_build_info', help, labels, () => [[values, 1]]));
}

/** For `ListenerOptions.onHandshakeError`. */
export function handshakeErrors(registry: MetricsRegistry): () => void {
  const failed = registry.add(new CounterFamily('apiserver_tls_handshake_errors_total', '[ALPHA] Failed TLS handshakes.', [])).child();
  return () => failed.add();
}
