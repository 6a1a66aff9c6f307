import { humanDuration, pathSegmentName } from '@keelson/machinery';
import { certificates } from '@keelson/schema';
import { age, type Column, col, defineResource, nameColumn, type PartSubresource, status, type WriteContext } from '@keelson/server';
import { removedVersion } from '../conversion/removed-version.js';
import { betaRequests } from './beta-requests.js';
import { validateSigningRequest, validateSigningRequestUpdate } from './certificate-signing-requests-validation.js';
import { keepConditions, stampConditions } from './request-conditions.js';

type Request = certificates.v1.CertificateSigningRequest;

/** Who asks is who sends the request, whatever it says. */
function prepareForCreate(request: Request, { user }: WriteContext): void {
  const { username: _name, uid: _uid, groups: _groups, extra: _extra, ...asked } = request.spec;
  const extra = Object.entries(user.extra ?? {}).map(([key, values]) => [key, [...values]]);
  request.spec = {
    ...asked,
    ...(user.name !== '' && { username: user.name }),
    ...(user.uid && { uid: user.uid }),
    ...(user.groups.length > 0 && { groups: [...user.groups] }),
    ...(extra.length > 0 && { extra: Object.fromEntries(extra) }),
  };
  request.status = {};
}

function durationText({ spec }: Request): string {
  return spec.expirationSeconds === undefined ? '<none>' : humanDuration(spec.expirationSeconds * 1000);
}

function conditionText({ status }: Request): string {
  const has = (wanted: string) => status.conditions?.some(({ type }) => type === wanted) ?? false;
  const decision = has('Denied') ? 'Denied' : has('Approved') ? 'Approved' : 'Pending';
  return `${decision}${has('Failed') ? ',Failed' : ''}${status.certificate ? ',Issued' : ''}`;
}

const columns: readonly Column<Request>[] = [
  nameColumn(),
  age(),
  col('SignerName', ({ spec }) => spec.signerName || '<none>'),
  col('Requestor', ({ spec }) => spec.username ?? ''),
  col('RequestedDuration', durationText),
  col('Condition', conditionText),
];

/** Where the signer answers; whether it may sign is decided elsewhere. */
const statusSubresource: PartSubresource<Request> = {
  ...status<Request>({
    metadataChecks: { own: 1 },
    prepareForUpdate(request, old, { now }) {
      keepConditions(request, old, ['Approved', 'Denied']);
      stampConditions(request, old, now);
    },
    validate: (request, old, context) => validateSigningRequestUpdate(request, old, 'status', context),
  }),
  resetFields: ['spec', 'status.conditions'],
};

/** Where it is decided whether the signer may sign. */
const approvalSubresource: PartSubresource<Request> = {
  ...status<Request>({
    metadataChecks: { own: 1 },
    prepareForUpdate(request, old, { now }) {
      const { conditions } = request.status;
      request.status = { ...old.status };
      if (conditions === undefined) delete request.status.conditions;
      else request.status.conditions = conditions;
      stampConditions(request, old, now);
    },
    validate: (request, old, context) => validateSigningRequestUpdate(request, old, 'approval', context),
  }),
  resetFields: ['spec', 'status.certificate'],
};

export const certificateSigningRequests = defineResource<Request>(certificates.v1.CertificateSigningRequest, {
  names: { plural: 'certificatesigningrequests', short: ['csr'] },
  scope: 'Cluster',
  storage: { key: 'certificatesigningrequests' },
  // Any that can stand in a path.
  nameForm: pathSegmentName,
  versions: [
    removedVersion(
      certificates.v1beta1.CertificateSigningRequest,
      { deprecated: '1.19', removed: '1.22', use: certificates.v1.CertificateSigningRequest },
      betaRequests,
    ),
  ],
  resetFields: ['spec', 'status'],
  resetOnCreate: false,
  subresources: { status: statusSubresource, approval: approvalSubresource },
  selectableFields: { 'spec.signerName': ({ spec }) => spec.signerName },
  prepareForCreate,
  validate: (request, old, context) => (old === undefined ? validateSigningRequest(request, context) : []),
  columns,
});
