import { configMapKey } from '@keelson/machinery';
import { coordination } from '@keelson/schema';
import { age, col, defineResource, nameColumn } from '@keelson/server';
import { deprecationText } from '../conversion/deprecation-text.js';
import { validateLeaseCandidate } from './lease-candidates-validation.js';

type LeaseCandidate = coordination.v1beta1.LeaseCandidate;

export const leaseCandidates = defineResource<LeaseCandidate>(coordination.v1beta1.LeaseCandidate, {
  names: { plural: 'leasecandidates' },
  scope: 'Namespaced',
  storage: { key: 'leasecandidates' },
  deprecationWarning: deprecationText(coordination.v1beta1.LeaseCandidate, { deprecated: '1.36', removed: '1.39' }),
  versions: [
    {
      kind: coordination.v1alpha2.LeaseCandidate,
      deprecationWarning: deprecationText(coordination.v1alpha2.LeaseCandidate, { deprecated: '1.35', removed: '1.38' }),
    },
  ],
  createOnUpdate: true,
  unconditionalUpdate: false,
  anyFinalizer: true,
  nameForm: configMapKey,
  validate: validateLeaseCandidate,
  columns: [
    nameColumn(),
    col('LeaseName', ({ spec }) => spec.leaseName),
    col('BinaryVersion', ({ spec }) => spec.binaryVersion),
    col('EmulationVersion', ({ spec }) => spec.emulationVersion ?? ''),
    age(),
  ],
});
