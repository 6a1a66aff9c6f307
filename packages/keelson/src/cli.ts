import { kubernetesRelease } from '@keelson/machinery';
import { runApiServerCommand } from './apiserver/command.js';
import { runCreateExtensionCommand } from './create-extension/command.js';
import { runEnvtestCommand } from './envtest/command.js';
import { FlagError } from './flags/flag-error.js';
import type { Output } from './output.js';
import { terminal } from './output.js';
import { runPkiCommand } from './pki/command.js';
import { runStorageCommand } from './storage/command.js';
import { runUpCommand } from './up/command.js';
import { keelsonVersion } from './version.js';

interface Command {
  readonly summary: string;
  run(args: readonly string[], output: Output): Promise<void>;
}

const commands: ReadonlyMap<string, Command> = new Map([
  ['apiserver', { summary: 'run an API server, with the flags of kube-apiserver', run: runApiServerCommand }],
  ['up', { summary: 'run a cluster on this machine', run: runUpCommand }],
  ['pki', { summary: 'make the certificates of a cluster', run: runPkiCommand }],
  ['storage', { summary: 'rewrite what a cluster stores in its current versions', run: runStorageCommand }],
  ['create-extension', { summary: 'make a project for an extension API server', run: runCreateExtensionCommand }],
  ['envtest', { summary: 'print where test suites find kube-apiserver and etcd', run: runEnvtestCommand }],
  ['version', { summary: 'print the version', run: printVersion }],
  ['help', { summary: 'print this text', run: printHelp }],
]);

/** Runs one command line and gives the exit code. */
export async function runCli(args: readonly string[], output: Output = terminal): Promise<number> {
  const [name = 'help', ...rest] = args;
  const command = commands.get(aliases.get(name) ?? name);
  if (command === undefined) {
    output.fail(`unknown command ${JSON.stringify(name)} for "keelson"\nRun 'keelson help' for usage.`);
    return 1;
  }
  try {
    await command.run(rest, output);
    return 0;
  } catch (error) {
    output.fail(errorText(error, name));
    return 1;
  }
}

const aliases: ReadonlyMap<string, string> = new Map([
  ['--help', 'help'],
  ['-h', 'help'],
  ['--version', 'version'],
]);

function errorText(error: unknown, command: string): string {
  if (error instanceof FlagError) return `${error.message}\nRun 'keelson ${command} --help' for usage.`;
  return error instanceof Error ? fileFailure(error.message) : String(error);
}

/** What Node says of files that cannot be read, as Go's programs say it. */
function fileFailure(message: string): string {
  return message
    .replace(/EISDIR: illegal operation on a directory, read/, 'read: is a directory')
    .replace(/E[A-Z]+: ([^,]+), (open|stat|access) '([^']*)'/, '$2 $3: $1');
}

async function printVersion(_args: readonly string[], output: Output): Promise<void> {
  output.print(`Keelson v${keelsonVersion} (Kubernetes ${kubernetesRelease}, Node.js ${process.version})`);
}

async function printHelp(_args: readonly string[], output: Output): Promise<void> {
  const rows = [...commands].map(([name, { summary }]) => `  ${name.padEnd(18)}${summary}`);
  output.print(
    [
      'A Kubernetes API server cluster.',
      '',
      'Usage:',
      '  keelson <command> [flags]',
      '',
      'Commands:',
      ...rows,
      '',
      "'keelson <command> --help' says more.",
    ].join('\n'),
  );
}
