import { access, constants, readFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

/** Where daemons are installed, which the PATH of ordinary users often leaves out. */
const systemDirs = ['/usr/local/sbin', '/usr/sbin', '/sbin'];

type Program = 'etcd' | 'haproxy';

/** Package of each program, by the tool that installs it. */
const installers: readonly {
  readonly ids: readonly string[];
  readonly command: string;
  readonly packages: Readonly<Record<Program, string>>;
}[] = [
  { ids: ['debian', 'ubuntu'], command: 'apt-get install', packages: { etcd: 'etcd-server', haproxy: 'haproxy' } },
  { ids: ['fedora', 'rhel', 'centos'], command: 'dnf install', packages: { etcd: 'etcd', haproxy: 'haproxy' } },
  { ids: ['arch'], command: 'pacman -S', packages: { etcd: 'etcd', haproxy: 'haproxy' } },
  { ids: ['alpine'], command: 'apk add', packages: { etcd: 'etcd', haproxy: 'haproxy' } },
];

/** Paths of the programs. Throws with the command that installs what is missing. */
export async function requirePrograms<const P extends Program>(names: readonly P[]): Promise<Readonly<Record<P, string>>> {
  const found = await Promise.all(names.map(async (name) => [name, await findProgram(name)] as const));
  const missing = found.filter(([, path]) => path === undefined).map(([name]) => name);
  if (missing.length > 0) {
    throw new Error(`--masters needs ${missing.join(' and ')}, not found on this machine. ${installAdvice(missing, await osRelease())}`);
  }
  return Object.fromEntries(found) as Record<P, string>;
}

export async function findProgram(name: string, path: string = process.env.PATH ?? ''): Promise<string | undefined> {
  for (const dir of [...path.split(delimiter).filter((entry) => entry !== ''), ...systemDirs]) {
    const file = join(dir, name);
    const executable = await access(file, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (executable) return file;
  }
  return undefined;
}

/** What to type to install programs, given the text of os-release(5). */
export function installAdvice(missing: readonly Program[], osReleaseText: string): string {
  const ids = [...osReleaseText.matchAll(/^ID(?:_LIKE)?="?([^"\n]*)"?$/gm)].flatMap(([, value = '']) => value.split(' '));
  const installer = installers.find((candidate) => candidate.ids.some((id) => ids.includes(id)));
  if (installer === undefined) return `Install ${missing.join(' and ')} and make sure they are on the PATH.`;
  return `Install with: sudo ${installer.command} ${missing.map((name) => installer.packages[name]).join(' ')}`;
}

const osRelease = (): Promise<string> => readFile('/etc/os-release', 'utf8').catch(() => '');
