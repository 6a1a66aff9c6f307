import { type FieldError, type FieldPath, invalidField, path, pathSegmentName, required } from '@keelson/machinery';
import { coordination } from '@keelson/schema';
import { age, col, defineResource, nameColumn } from '@keelson/server';
import { deprecationText } from '../conversion/deprecation-text.js';
import { validateForm } from '../validation/names.js';
import { validateElectionStrategy } from './strategy-validation.js';

type LeaseCandidate = coordination.v1beta1.LeaseCandidate;

const at = path('spec');
const semanticVersion = /^v?(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?$/;

function validateVersion(version: string, here: FieldPath): FieldError[] {
  return semanticVersion.test(version) ? [] : [invalidField(here, version, 'must be a semantic version, such as 1.34.0')];
}

function compareVersions(a: string, b: string): number {
  const numbers = (version: string) => version.replace(/^v/, '').split(/[.+-]/).slice(0, 3).map(Number);
  const [left, right] = [numbers(a), numbers(b)];
  return left.map((part, i) => part - (right[i] ?? 0)).find((difference) => difference !== 0) ?? 0;
}

/** A candidate that emulates an older release must be able to, and must say of which release it is itself. */
function validateVersions({ binaryVersion, emulationVersion, strategy }: LeaseCandidate['spec']): FieldError[] {
  const emulationPath = at.child('emulationVersion');
  const errors = binaryVersion === '' ? [required(at.child('binaryVersion'))] : validateVersion(binaryVersion, at.child('binaryVersion'));
  if (emulationVersion) {
    errors.push(...validateVersion(emulationVersion, emulationPath));
    if (errors.length === 0 && compareVersions(binaryVersion, emulationVersion) < 0) {
      errors.push(invalidField(at.child('binaryVersion'), binaryVersion, 'must be greater than or equal to `emulationVersion`'));
    }
  } else if (strategy === 'OldestEmulationVersion') {
    errors.push(required(emulationPath, 'must be specified when `strategy` is "OldestEmulationVersion"'));
  }
  return errors;
}

function validate({ spec }: LeaseCandidate): FieldError[] {
  const { leaseName, strategy } = spec;
  return [
    ...(leaseName === '' ? [required(at.child('leaseName'))] : validateForm(leaseName, at.child('leaseName'), pathSegmentName)),
    ...validateVersions(spec),
    ...(strategy ? validateElectionStrategy(strategy, at.child('strategy')) : [required(at.child('strategy'))]),
  ];
}

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
  validate,
  columns: [
    nameColumn(),
    col('LeaseName', ({ spec }) => spec.leaseName),
    col('BinaryVersion', ({ spec }) => spec.binaryVersion),
    col('EmulationVersion', ({ spec }) => spec.emulationVersion ?? ''),
    age(),
  ],
});
