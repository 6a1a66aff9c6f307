import { apiServerFlagGroups, apiServerFlags } from '../flags/apiserver-flags.js';
import type { FlagGroup, FlagValues } from '../flags/flag.js';
import { implemented } from '../flags/flag.js';
import { int, ip, string } from '../flags/flag-type.js';

const own = {
  title: 'Local cluster flags',
  flags: {
    'bind-address': implemented(ip, '127.0.0.1', 'IP address to serve the cluster on.'),
    'data-dir': implemented(string, '.keelson', 'Directory for everything the cluster keeps: objects, certificates, kubeconfig, logs.'),
    'etcd-port': implemented(int, 12_379, 'First port of the etcd members, with --masters; each takes two.'),
    masters: implemented(
      int,
      0,
      'Run this many API servers behind HAProxy on as many etcd members. 0: one process with an embedded store.',
    ),
    'replica-port': implemented(int, 0, 'First port of the API servers behind HAProxy, with --masters. 0: the one behind --secure-port.'),
    'secure-port': implemented(int, 6443, 'Port to serve the cluster on.'),
  },
} as const;

export const upFlagGroups: readonly FlagGroup[] = [own, ...apiServerFlagGroups.filter(({ title }) => title === 'Global flags')];

/** Flags of `keelson up` itself; every other flag is one of the API server's and goes on to it. */
export const upFlags = { ...apiServerFlags, ...own.flags } as const;

export type UpFlagValues = FlagValues<typeof upFlags>;

/** True for flags that `up` reads itself and does not hand on as they are. */
export const isOwnFlag = (name: string): boolean => Object.hasOwn(own.flags, name);
