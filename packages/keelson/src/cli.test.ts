import { describe, expect, it } from 'vitest';
import { runCli } from './cli.js';

async function run(...args: string[]) {
  const printed: string[] = [];
  const failed: string[] = [];
  const output = {
    print: (text: string) => void printed.push(text),
    warn: () => undefined,
    fail: (text: string) => void failed.push(text),
  };
  return { exitCode: await runCli(args, output), printed: printed.join('\n'), failed: failed.join('\n') };
}

describe('the command line', () => {
  it.each([[[]], [['help']], [['--help']], [['-h']]])('lists its commands for %j', async (args) => {
    const { exitCode, printed } = await run(...args);
    expect(exitCode).toBe(0);
    expect(printed).toMatch(/^ {2}apiserver +run an API server/m);
  });

  it.each([[['version']], [['--version']]])('prints its version for %j', async (args) => {
    expect(await run(...args)).toMatchObject({
      exitCode: 0,
      printed: expect.stringMatching(/^Keelson v\d+\.\d+\.\d+ \(Kubernetes v1\.34\.\d+, Node\.js v\d+/),
    });
  });

  it('refuses an unknown command', async () => {
    expect(await run('upp')).toEqual({
      exitCode: 1,
      printed: '',
      failed: `unknown command "upp" for "keelson"\nRun 'keelson help' for usage.`,
    });
  });

  it.each([
    [['apiserver', '--foo'], `unknown flag: --foo\nRun 'keelson apiserver --help' for usage.`],
    [['apiserver', 'now'], `"keelson apiserver" does not take any arguments, got ["now"]\nRun 'keelson apiserver --help' for usage.`],
    [['apiserver'], `--etcd-servers must be specified\nRun 'keelson apiserver --help' for usage.`],
    [
      ['up', '--masters=x'],
      `invalid argument "x" for "--masters" flag: strconv.ParseInt: parsing "x": invalid syntax\nRun 'keelson up --help' for usage.`,
    ],
    [['up', '--masters=10'], `--masters 10 must be between 0 and 9\nRun 'keelson up --help' for usage.`],
    [['pki'], `"keelson pki" takes the argument "init", got []\nRun 'keelson pki --help' for usage.`],
    [['storage'], `"keelson storage" takes the argument "migrate", got []\nRun 'keelson storage --help' for usage.`],
    [['storage', 'migrate', '--kubeconfig=/none'], 'stat /none: no such file or directory'],
    [['pki', 'init', '--kubeconfig=x'], `--kubeconfig and --server must be specified together\nRun 'keelson pki --help' for usage.`],
  ])('refuses %j', async (args, failed) => {
    expect(await run(...args)).toEqual({ exitCode: 1, printed: '', failed });
  });

  it.each([['apiserver'], ['up'], ['pki'], ['storage']])('explains %s', async (name) => {
    const { exitCode, printed } = await run(name, '--help');
    expect(exitCode).toBe(0);
    expect(printed).toContain(`  keelson ${name}`);
  });

  it('prints the version of an API server as kube-apiserver does', async () => {
    expect((await run('apiserver', '--version')).printed).toMatch(/^Kubernetes v1\.34\.\d+ \(Keelson v\d+\.\d+\.\d+\)$/);
    expect((await run('apiserver', '--version=raw')).printed).toMatch(/^Kubernetes v1\.34\.\d+ \(Keelson v\d+\.\d+\.\d+, Node\.js v\d+/);
    expect((await run('apiserver', '--version=false')).failed).toMatch(/^--etcd-servers must be specified/);
    expect((await run('apiserver', '--version=v1.33.0')).failed).toMatch(/^invalid argument "v1\.33\.0" for "--version" flag/);
  });
});
