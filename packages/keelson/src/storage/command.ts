import { implemented } from '../flags/flag.js';
import { FlagError } from '../flags/flag-error.js';
import { bool, string, strings } from '../flags/flag-type.js';
import { parseFlags } from '../flags/parse-flags.js';
import { renderHelp } from '../flags/render-help.js';
import type { Output } from '../output.js';

const storageFlags = {
  title: 'Flags',
  flags: {
    checkpoint: implemented(
      string,
      '',
      'File to keep how far the migration has come in: a run that was ended goes on from there. Removed when everything is done.',
    ),
    context: implemented(string, '', 'Context of the kubeconfig. Empty: its current one.'),
    group: implemented(strings, [], "Groups to migrate, 'core' for the core group. Empty: all."),
    help: implemented(bool, false, 'Print this text and end.', 'h'),
    kubeconfig: implemented(string, '', 'Kubeconfig of the cluster. Empty: $KUBECONFIG, or ~/.kube/config.'),
    resource: implemented(strings, [], "Resources to migrate, such as 'secrets' or 'deployments.apps'. Empty: all."),
  },
} as const;

const usage = 'keelson storage migrate [flags]';

const description =
  'Rewrites every stored object of a cluster in the version that its API servers write now, while they serve. Objects that are stored in that version already are left alone. Works with any Kubernetes API server.';

/** `keelson storage migrate` */
export async function runStorageCommand(args: readonly string[], output: Output): Promise<void> {
  const { values, positional } = parseFlags(storageFlags.flags, args);
  if (values.help) return output.print(renderHelp(usage, description, [storageFlags]));
  if (positional.join(' ') !== 'migrate')
    throw new FlagError(`"keelson storage" takes the argument "migrate", got ${JSON.stringify(positional)}`);
  const { kubeconfig, context, checkpoint, group: groups, resource: resources } = values;
  // Loaded only now: `--help` and a wrong flag answer without waiting for it.
  const { migrateStorage } = await import('./migrate.js');
  await migrateStorage({ kubeconfig, context, checkpoint, groups, resources }, output);
}
