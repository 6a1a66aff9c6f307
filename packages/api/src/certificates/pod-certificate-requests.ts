import { certificates } from '@keelson/schema';
import { col, defineResource, nameColumn, type PartSubresource, status } from '@keelson/server';
import { deprecationText } from '../conversion/deprecation-text.js';
import { validatePodCertificateRequest } from './pod-certificate-requests-validation.js';
import { validatePodCertificateStatus } from './pod-certificate-status-validation.js';
import { keepConditions, stampTransitions } from './request-conditions.js';

type Request = certificates.v1alpha1.PodCertificateRequest;

const outcomes: readonly string[] = ['Denied', 'Failed', 'Issued'];

function state({ status }: Request): string {
  return status.conditions?.find(({ type, status: value }) => outcomes.includes(type) && value === 'True')?.type ?? 'Pending';
}

/** Where the signer answers. */
const statusSubresource: PartSubresource<Request> = {
  ...status<Request>({
    keeps: ['metadata', 'spec'],
    prepareForUpdate(request, old, { now }) {
      keepConditions(request, old, outcomes);
      stampTransitions(request, old, now);
    },
    validate: (request, old, { now }) => validatePodCertificateStatus(request, old, now),
  }),
  resetFields: ['spec'],
};

/** KEP-4317. */
export const podCertificateRequests = defineResource<Request>(certificates.v1alpha1.PodCertificateRequest, {
  names: { plural: 'podcertificaterequests' },
  scope: 'Namespaced',
  feature: 'PodCertificateRequest',
  storage: { key: 'podcertificaterequests' },
  deprecationWarning: deprecationText(certificates.v1alpha1.PodCertificateRequest, { deprecated: '1.37', removed: '1.40' }),
  unconditionalUpdate: false,
  resetFields: ['status'],
  subresources: { status: statusSubresource },
  selectableFields: {
    'spec.signerName': ({ spec }) => spec.signerName,
    'spec.podName': ({ spec }) => spec.podName,
    'spec.nodeName': ({ spec }) => spec.nodeName,
  },
  validate: validatePodCertificateRequest,
  columns: [
    nameColumn(),
    col('PodName', ({ spec }) => spec.podName),
    col('ServiceAccountName', ({ spec }) => spec.serviceAccountName),
    col('NodeName', ({ spec }) => spec.nodeName),
    col('SignerName', ({ spec }) => spec.signerName),
    col('State', state),
  ],
});
