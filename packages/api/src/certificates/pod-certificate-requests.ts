import { type FieldError, forbiddenField, path, quote, type SignerAccess, semanticallyEqual } from '@keelson/machinery';
import { certificates } from '@keelson/schema';
import { col, defineResource, nameColumn, type PartSubresource, type Resource, status, type WriteContext } from '@keelson/server';
import { deprecationText } from '../conversion/deprecation-text.js';
import { validatePodCertificateRequest } from './pod-certificate-requests-validation.js';
import { validatePodCertificateStatus } from './pod-certificate-status-validation.js';

type Request = certificates.v1alpha1.PodCertificateRequest;

const outcomes: readonly string[] = ['Denied', 'Failed', 'Issued'];

function state({ status }: Request): string {
  return status.conditions?.find(({ type, status: value }) => outcomes.includes(type) && value === 'True')?.type ?? 'Pending';
}

/** An answer that is right in itself is taken only from who may sign for the signer. */
async function validateSigner(request: Request, old: Request, { user, now }: WriteContext, signers: SignerAccess): Promise<FieldError[]> {
  if (semanticallyEqual(request.status, old.status) || validatePodCertificateStatus(request, old, now).length > 0) return [];
  const { signerName } = old.spec;
  if (await signers.allows(user, 'sign', signerName)) return [];
  return [
    forbiddenField(path('spec', 'signerName'), `User ${quote(user.name)} is not permitted to "sign" for signer ${quote(signerName)}`),
  ];
}

/** Where the signer answers. */
function statusSubresource(signers: SignerAccess | undefined): PartSubresource<Request> {
  return {
    ...status<Request>({
      keeps: ['metadata', 'spec'],
      ...(signers && { validateAgainstOthers: (request, old, context) => validateSigner(request, old, context, signers) }),
      validate: (request, old, { now }) => validatePodCertificateStatus(request, old, now),
    }),
    resetFields: ['spec'],
  };
}

/** KEP-4317. `signers`: who may answer for which of them; absent: whoever may write an answer. */
export function createPodCertificateRequests(signers?: SignerAccess): Resource {
  return defineResource<Request>(certificates.v1alpha1.PodCertificateRequest, {
    names: { plural: 'podcertificaterequests' },
    scope: 'Namespaced',
    feature: 'PodCertificateRequest',
    storage: { key: 'podcertificaterequests' },
    deprecationWarning: deprecationText(certificates.v1alpha1.PodCertificateRequest, { deprecated: '1.37', removed: '1.40' }),
    unconditionalUpdate: false,
    prepareForCreate(request) {
      request.status = {};
    },
    prepareForUpdate(request, old) {
      request.status = old.status;
    },
    subresources: { status: statusSubresource(signers) },
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
}
