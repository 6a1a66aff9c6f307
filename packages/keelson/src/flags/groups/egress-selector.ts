import { refused } from '../flag.js';
import { string } from '../flag-type.js';

export const egressSelectorFlags = {
  title: 'Egress selector flags',
  flags: {
    'egress-selector-config-file': refused(
      string,
      '',
      'File that says through which proxy the server reaches nodes, etcd and webhooks.',
      'connections would bypass the proxy',
    ),
  },
} as const;
