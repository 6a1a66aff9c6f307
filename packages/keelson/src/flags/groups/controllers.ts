import { implemented } from '../flag.js';
import { string, strings } from '../flag-type.js';

/** Flags of kube-controller-manager, for control planes that have none beside the server. */
export const controllerFlags = {
  title: 'Controller flags',
  flags: {
    controllers: implemented(
      strings,
      [],
      "Controllers of kube-controller-manager to run in this process, where there is none: '*' for all there are, or serviceaccount-controller, serviceaccount-token-controller, root-ca-certificate-publisher-controller, resourcequota-controller, clusterrole-aggregation-controller, validatingadmissionpolicy-status-controller. Empty: none.",
    ),
    'root-ca-file': implemented(
      string,
      '',
      'Authorities by which pods know this API server, published in every namespace and in secrets of service account tokens.',
    ),
  },
} as const;
