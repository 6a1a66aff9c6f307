import type { SignerAccess } from '@keelson/machinery';
import { type ApiGroup, defineGroup } from '@keelson/server';
import { certificateSigningRequests } from './certificate-signing-requests.js';
import { clusterTrustBundles } from './cluster-trust-bundles.js';
import { createPodCertificateRequests } from './pod-certificate-requests.js';

/** `signers`: who may answer for which of them; absent: whoever may write an answer. */
export function certificatesGroup(signers: SignerAccess | undefined): ApiGroup {
  return defineGroup({
    group: 'certificates.k8s.io',
    priority: 17300,
    versions: [
      { version: 'v1', priority: 15, enabledByDefault: true },
      { version: 'v1beta1', priority: 9, enabledByDefault: false },
      { version: 'v1alpha1', priority: 1, enabledByDefault: false },
    ],
    resources: [certificateSigningRequests, clusterTrustBundles, createPodCertificateRequests(signers)],
  });
}
