import { join, resolve } from 'node:path';
import { defaultServiceClusterIpRange } from '../apiserver/from-flags/services.js';
import { implemented } from '../flags/flag.js';
import { FlagError } from '../flags/flag-error.js';
import { bool, string, strings } from '../flags/flag-type.js';
import { parseFlags } from '../flags/parse-flags.js';
import { renderHelp } from '../flags/render-help.js';
import { writeAdminKubeconfig } from '../kubeconfig/write-kubeconfig.js';
import type { Output } from '../output.js';
import { preparePki } from './prepare-pki.js';

const pkiFlags = {
  title: 'Flags',
  flags: {
    dir: implemented(string, 'pki', 'Directory of the certificates and keys.'),
    'etcd-san': implemented(strings, [], 'Host names and addresses of the etcd members. Empty: loopback only.'),
    help: implemented(bool, false, 'Print this text and end.', 'h'),
    kubeconfig: implemented(string, '', "Also write an administrator's kubeconfig to this file; needs --server."),
    san: implemented(strings, [], 'Host names and addresses of the API servers and of the load balancer, beside the usual ones.'),
    server: implemented(string, '', 'URL of the cluster for --kubeconfig.'),
    'service-cluster-ip-range': implemented(
      string,
      defaultServiceClusterIpRange,
      'Service CIDR; its first address goes into the serving certificate.',
    ),
  },
} as const;

const usage = 'keelson pki init [flags]';

const description =
  'Makes the authorities, certificates and keys of a cluster, laid out as kubeadm does. What is there and still good is kept, so running it again renews what is about to end.';

/** `keelson pki init` */
export async function runPkiCommand(args: readonly string[], output: Output): Promise<void> {
  const { values, positional } = parseFlags(pkiFlags.flags, args);
  if (values.help) return output.print(renderHelp(usage, description, [pkiFlags]));
  if (positional.join(' ') !== 'init') throw new FlagError(`"keelson pki" takes the argument "init", got ${JSON.stringify(positional)}`);
  if ((values.kubeconfig === '') !== (values.server === '')) throw new FlagError('--kubeconfig and --server must be specified together');
  const dir = resolve(values.dir);
  const issued = await preparePki({
    dir,
    serverHosts: values.san,
    clusterIpRanges: values['service-cluster-ip-range'].split(','),
    etcdHosts: values['etcd-san'],
  });
  for (const { path, reason } of issued) output.print(`${join(dir, path)}.crt ${reason}: made a new one`);
  if (issued.length === 0) output.print(`every certificate in ${dir} is good`);
  if (values.kubeconfig !== '') await writeAdminKubeconfig({ file: values.kubeconfig, server: values.server, pkiDir: dir });
}
