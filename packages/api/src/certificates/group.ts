import { defineGroup } from '@keelson/server';
import { certificateSigningRequests } from './certificate-signing-requests.js';
import { clusterTrustBundles } from './cluster-trust-bundles.js';
import { podCertificateRequests } from './pod-certificate-requests.js';

export const certificatesGroup = defineGroup({
  group: 'certificates.k8s.io',
  priority: 17300,
  versions: [
    { version: 'v1', priority: 15, enabledByDefault: true },
    { version: 'v1beta1', priority: 9, enabledByDefault: false },
    { version: 'v1alpha1', priority: 1, enabledByDefault: false },
  ],
  resources: [certificateSigningRequests, clusterTrustBundles, podCertificateRequests],
});
