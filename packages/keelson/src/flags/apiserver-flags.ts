import type { FlagGroup, FlagValues } from './flag.js';
import { admissionFlags } from './groups/admission.js';
import { apiEnablementFlags } from './groups/api-enablement.js';
import { auditingFlags } from './groups/auditing.js';
import { authenticationFlags } from './groups/authentication.js';
import { authorizationFlags } from './groups/authorization.js';
import { controllerFlags } from './groups/controllers.js';
import { egressSelectorFlags } from './groups/egress-selector.js';
import { etcdFlags } from './groups/etcd.js';
import { featuresFlags } from './groups/features.js';
import { genericFlags } from './groups/generic.js';
import { globalFlags } from './groups/global.js';
import { logsFlags } from './groups/logs.js';
import { metricsFlags } from './groups/metrics.js';
import { miscFlags } from './groups/misc.js';
import { secureServingFlags } from './groups/secure-serving.js';
import { tracesFlags } from './groups/traces.js';

/** In the order of kube-apiserver's own `--help`. */
export const apiServerFlagGroups: readonly FlagGroup[] = [
  genericFlags,
  etcdFlags,
  secureServingFlags,
  auditingFlags,
  featuresFlags,
  authenticationFlags,
  authorizationFlags,
  apiEnablementFlags,
  egressSelectorFlags,
  admissionFlags,
  metricsFlags,
  logsFlags,
  tracesFlags,
  miscFlags,
  controllerFlags,
  globalFlags,
];

/** Every flag of kube-apiserver v1.34, and the few that are our own (`--data-dir`, `--storage-backend=embedded`, `--controllers`). */
export const apiServerFlags = {
  ...genericFlags.flags,
  ...etcdFlags.flags,
  ...secureServingFlags.flags,
  ...auditingFlags.flags,
  ...featuresFlags.flags,
  ...authenticationFlags.flags,
  ...authorizationFlags.flags,
  ...apiEnablementFlags.flags,
  ...egressSelectorFlags.flags,
  ...admissionFlags.flags,
  ...metricsFlags.flags,
  ...logsFlags.flags,
  ...tracesFlags.flags,
  ...miscFlags.flags,
  ...controllerFlags.flags,
  ...globalFlags.flags,
} as const;

export type ApiServerFlagValues = FlagValues<typeof apiServerFlags>;
