import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { runApiServerCommand } from '../apiserver/command.js';
import type { Output } from '../output.js';
import { endWithParent } from './end-with-parent.js';
import { flagValue, withoutFlag } from './flag-value.js';
import { runKubectl } from './run-kubectl.js';
import { runStandInEtcd, storeOfStandIn } from './stand-in-etcd.js';

const assetsDir = fileURLToPath(new URL('../../envtest', import.meta.url));

const help = `Prints the directory of executables that test suites for Kubernetes look for: kube-apiserver, etcd and kubectl.

  export KUBEBUILDER_ASSETS=$(npx keelson envtest)
`;

/** `keelson envtest`, and what the executables of its directory run. */
export async function runEnvtestCommand(args: readonly string[], output: Output): Promise<void> {
  const [program, ...rest] = args;
  switch (program) {
    case undefined:
      return printAssetsDir(output);
    case 'etcd':
      endWithParent();
      return runStandInEtcd(rest, output);
    case 'kube-apiserver':
      endWithParent();
      return runApiServerCommand(await servableFlags(rest), output);
    case 'kubectl':
      return runKubectl(rest, assetsDir);
    default:
      output.print(help.trimEnd());
  }
}

function printAssetsDir(output: Output): void {
  if (!existsSync(assetsDir)) throw new Error(`${assetsDir} is missing from this installation`);
  output.print(assetsDir);
}

/** Where no etcd answers but one that stands in for it, the server keeps a store of its own. */
async function servableFlags(args: readonly string[]): Promise<readonly string[]> {
  const servers = flagValue(args, 'etcd-servers');
  const store = servers === undefined ? undefined : await storeOfStandIn(servers);
  return store === undefined ? args : [...withoutFlag(args, 'etcd-servers'), '--storage-backend=embedded', `--data-dir=${store}`];
}
