import { implemented } from '../flag.js';
import { keyValues } from '../flag-type.js';

export const apiEnablementFlags = {
  title: 'API enablement flags',
  flags: {
    'runtime-config': implemented(
      keyValues,
      new Map(),
      'Built-in APIs to switch on or off: v1=true|false for the core group, <group>/<version>=true|false for one version, api/all, api/ga, api/beta and api/alpha for every version of that kind, api/legacy for versions that later releases of Kubernetes removed.',
    ),
  },
} as const;
