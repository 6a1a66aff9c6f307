import { type FieldError, forbiddenField, invalidField, path } from '@keelson/machinery';
import { coordination } from '@keelson/schema';
import { age, col, defineResource, nameColumn } from '@keelson/server';
import { removedVersion } from '../conversion/removed-version.js';
import { gatedInLeases } from '../features/gated-fields.js';
import { validateElectionStrategy } from './strategy-validation.js';

type Lease = coordination.v1.Lease;

const at = path('spec');

function validate({ spec }: Lease): FieldError[] {
  const { leaseDurationSeconds, leaseTransitions, strategy, preferredHolder } = spec;
  const errors: FieldError[] = [];
  if (leaseDurationSeconds !== undefined && leaseDurationSeconds <= 0) {
    errors.push(invalidField(at.child('leaseDurationSeconds'), leaseDurationSeconds, 'must be greater than 0'));
  }
  if (leaseTransitions !== undefined && leaseTransitions < 0) {
    errors.push(invalidField(at.child('leaseTransitions'), leaseTransitions, 'must be greater than or equal to 0'));
  }
  if (strategy !== undefined) errors.push(...validateElectionStrategy(strategy, at.child('strategy')));
  if (preferredHolder && !strategy) {
    errors.push(forbiddenField(at.child('preferredHolder'), 'may only be specified if `strategy` is defined'));
  }
  return errors;
}

export const leases = defineResource<Lease>(coordination.v1.Lease, {
  names: { plural: 'leases' },
  scope: 'Namespaced',
  metadataChecks: { own: 0 },
  storage: { key: 'leases' },
  versions: [removedVersion(coordination.v1beta1.Lease, { deprecated: '1.19', removed: '1.22', use: coordination.v1.Lease })],
  createOnUpdate: true,
  unconditionalUpdate: false,
  anyFinalizer: true,
  gatedFields: gatedInLeases,
  validate,
  columns: [nameColumn(), col('Holder', ({ spec }) => spec.holderIdentity ?? ''), age()],
});
