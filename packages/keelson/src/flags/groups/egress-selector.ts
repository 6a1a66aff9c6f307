import { implemented } from '../flag.js';
import { string } from '../flag-type.js';

export const egressSelectorFlags = {
  title: 'Egress selector flags',
  flags: {
    'egress-selector-config-file': implemented(
      string,
      '',
      'File that says through which proxies the server reaches nodes, pods and services, the control plane, and etcd.',
    ),
  },
} as const;
