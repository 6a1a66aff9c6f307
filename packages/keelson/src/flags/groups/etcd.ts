import { harmless, implemented, refused } from '../flag.js';
import { bool, duration, int, oneOf, string, strings } from '../flag-type.js';

const second = 1000;
const minute = 60 * second;

export const etcdFlags = {
  title: 'Etcd flags',
  flags: {
    'data-dir': implemented(string, '', 'Directory of the embedded store. Needs --storage-backend=embedded.'),
    'default-watch-cache-size': harmless(int, 100, 'Events a watch cache keeps at least; here as many as came in the last minutes.'),
    'delete-collection-workers': harmless(int, 1, 'Objects of a collection deleted at a time.'),
    'enable-garbage-collector': refused(
      bool,
      true,
      'Serve what the garbage collector needs. Must agree with the controller manager.',
      'the garbage collector is always served',
    ),
    'encryption-provider-config': implemented(string, '', 'File that says how objects are encrypted in the store.'),
    'encryption-provider-config-automatic-reload': implemented(
      bool,
      false,
      'Read the file of --encryption-provider-config again when it changes.',
    ),
    'etcd-cafile': implemented(string, '', 'Certificate authority that etcd servers are verified with.'),
    'etcd-certfile': implemented(string, '', 'Client certificate shown to etcd.'),
    'etcd-compaction-interval': implemented(
      duration,
      5 * minute,
      'How often history older than this is dropped from the store. 0: never, something else compacts.',
    ),
    'etcd-count-metric-poll-period': harmless(duration, minute, 'How often objects in etcd are counted for metrics.'),
    'etcd-db-metric-poll-interval': harmless(duration, 30 * second, 'How often the size of the etcd database is read for metrics.'),
    'etcd-healthcheck-timeout': implemented(duration, 2 * second, 'Time etcd has to answer for /livez and /healthz.'),
    'etcd-keyfile': implemented(string, '', 'Key of the client certificate shown to etcd.'),
    'etcd-prefix': implemented(string, '/registry', 'Prefix of every key in the store.'),
    'etcd-readycheck-timeout': implemented(duration, 2 * second, 'Time etcd has to answer for /readyz.'),
    'etcd-servers': implemented(strings, [], 'URLs of the etcd members, comma separated.'),
    'etcd-servers-overrides': refused(
      strings,
      [],
      'Other etcd servers for some resources, group/resource#url;url.',
      'all resources are kept in one store',
    ),
    'lease-reuse-duration-seconds': implemented(int, 60, 'Seconds over which objects that expire share one etcd lease.'),
    'storage-backend': implemented(
      oneOf('', 'etcd3', 'embedded'),
      '',
      "Where objects are kept: 'etcd3' (the default) or 'embedded', a store of this process in --data-dir.",
    ),
    'storage-media-type': implemented(
      string,
      'application/vnd.kubernetes.protobuf',
      'What objects of built-in kinds are written to the store as: application/vnd.kubernetes.protobuf, application/json or application/yaml. They are read in all of them. Custom resources, CustomResourceDefinitions and APIServices are always JSON.',
    ),
    'storage-versions': implemented(
      strings,
      [],
      'Versions that objects are written to the store in: v1 for the core group, <group>/<version> for another, one for each group. Resources that a version does not have, and groups that are not named, are written in the newest one. Objects are read in every version; keelson storage migrate rewrites those that are there.',
    ),
    'watch-cache': harmless(bool, true, 'Serve reads and watches from memory; this server always does.'),
    'watch-cache-sizes': harmless(strings, [], 'Watch cache size of single resources, resource[.group]#size.'),
  },
} as const;
