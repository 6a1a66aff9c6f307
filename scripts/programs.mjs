// Makes sure that the programs the tests drive are there: installs them on Debian as root, else says what to do.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const PROGRAMS = [
  { program: 'etcd', package: 'etcd-server' },
  { program: 'etcdctl', package: 'etcd-client' },
  { program: 'haproxy', package: 'haproxy' },
  { program: 'kubectl', package: 'kubernetes-client' },
];

function isThere(program) {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)));
}

function apt(args) {
  const { status } = spawnSync('apt-get', args, {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  return status === 0;
}

const missing = PROGRAMS.filter(({ program }) => !isThere(program));
if (missing.length > 0) {
  const packages = missing.map((entry) => entry.package);
  const line = `apt-get install ${packages.join(' ')}`;
  if (!existsSync('/etc/debian_version') || process.getuid?.() !== 0) {
    console.error(`keelson: the tests need ${missing.map((entry) => entry.program).join(', ')}; install with: ${line}`);
    process.exit(1);
  }
  console.error(`keelson: ${line}`);
  // Services that the packages would start are not wanted: the tests start their own.
  apt(['update', '-qq']);
  if (!apt(['install', '-y', '-qq', '--no-install-recommends', ...packages])) process.exit(1);
}
