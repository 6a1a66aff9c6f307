import { dns1123Subdomain, type FieldError, invalidField, path, validateImmutable } from '@keelson/machinery';
import { certificates } from '@keelson/schema';
import { col, defineResource, nameColumn } from '@keelson/server';
import { deprecationText } from '../conversion/deprecation-text.js';
import { validateForm } from '../validation/names.js';
import { validateSignerName } from './signer-names.js';
import { validateTrustBundle } from './trust-bundle-validation.js';

type Bundle = certificates.v1beta1.ClusterTrustBundle;

/** A bundle of a signer has its name start with the signer's, so that RBAC can tell whose it is. */
function validateName({ metadata, spec }: Bundle): FieldError[] {
  const at = path('metadata', 'name');
  const name = metadata.name ?? '';
  const { signerName = '' } = spec;
  if (name === '') return [];
  if (signerName === '') {
    return name.includes(':')
      ? [invalidField(at, name, 'ClusterTrustBundle without signer name must not have ":" in its name')]
      : validateForm(name, at, dns1123Subdomain);
  }
  const prefix = `${signerName.replaceAll('/', ':')}:`;
  if (name.startsWith(prefix)) return dns1123Subdomain(name.slice(prefix.length)).map((detail) => invalidField(at, name, detail));
  return [invalidField(at, name, `ClusterTrustBundle for signerName ${signerName} must be named with prefix ${prefix}`)];
}

function validate(bundle: Bundle, old: Bundle | undefined): FieldError[] {
  const { signerName = '', trustBundle } = bundle.spec;
  const at = path('spec', 'signerName');
  return [
    ...validateName(bundle),
    ...(signerName === '' ? [] : validateSignerName(signerName, at)),
    ...(trustBundle === old?.spec.trustBundle ? [] : validateTrustBundle(trustBundle)),
    ...(old === undefined ? [] : validateImmutable(signerName, old.spec.signerName ?? '', at)),
  ];
}

/** KEP-3257. Both versions have one shape. */
export const clusterTrustBundles = defineResource<Bundle>(certificates.v1beta1.ClusterTrustBundle, {
  names: { plural: 'clustertrustbundles' },
  scope: 'Cluster',
  feature: 'ClusterTrustBundle',
  storage: { key: 'clustertrustbundles' },
  deprecationWarning: deprecationText(certificates.v1beta1.ClusterTrustBundle, { deprecated: '1.36', removed: '1.39' }),
  versions: [
    {
      kind: certificates.v1alpha1.ClusterTrustBundle,
      deprecationWarning: deprecationText(certificates.v1alpha1.ClusterTrustBundle, { deprecated: '1.34', removed: '1.37' }),
    },
  ],
  unconditionalUpdate: false,
  // The whole form depends on the signer, see validateName.
  nameForm: () => [],
  selectableFields: { 'spec.signerName': ({ spec }) => spec.signerName ?? '' },
  validate,
  columns: [nameColumn(), col('SignerName', ({ spec }) => spec.signerName || '<none>')],
});
