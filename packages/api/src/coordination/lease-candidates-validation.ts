import { parseSemver, type SemverValue } from '@keelson/cel';
import { type FieldError, invalidField, path, required, validateImmutable } from '@keelson/machinery';
import type { coordination } from '@keelson/schema';
import { validateElectionStrategy } from './strategy-validation.js';

type Candidate = coordination.v1beta1.LeaseCandidate;

const at = path('spec');
/** What a text stands for that is no version. */
const zero = parseSemver('0.0.0') as SemverValue;

function validateVersion(field: 'binaryVersion' | 'emulationVersion', text: string): FieldError[] {
  return parseSemver(text) === undefined ? [invalidField(at.child(field), text, 'must be a valid semantic version')] : [];
}

/** A candidate that emulates an older release must be able to, and must say of which release it is itself. */
function validateVersions({ binaryVersion, emulationVersion = '' }: Candidate['spec']): FieldError[] {
  const [binary, emulated] = [binaryVersion, emulationVersion].map((text) => parseSemver(text) ?? zero) as [SemverValue, SemverValue];
  const older = binaryVersion !== '' && emulationVersion !== '' && binary.compare(emulated) < 0;
  return [
    ...(emulationVersion === '' ? [] : validateVersion('emulationVersion', emulationVersion)),
    ...(binaryVersion === '' ? [required(at.child('binaryVersion'))] : validateVersion('binaryVersion', binaryVersion)),
    ...(older ? [invalidField(at.child('binaryVersion'), binaryVersion, 'must be greater than or equal to `emulationVersion`')] : []),
  ];
}

function validateStrategy({ strategy, emulationVersion = '' }: Candidate['spec']): FieldError[] {
  const here = at.child('strategy');
  if (!strategy) return [required(here)];
  const emulatesNone = (parseSemver(emulationVersion) ?? zero).compare(zero) === 0;
  const lacking = strategy === 'OldestEmulationVersion' && emulatesNone;
  return [
    ...(lacking ? [required(at.child('emulationVersion'), "must be specified when `strategy` is 'OldestEmulationVersion'")] : []),
    ...validateElectionStrategy(strategy, here),
  ];
}

export function validateLeaseCandidate({ spec }: Candidate, old: Candidate | undefined): FieldError[] {
  const here = at.child('leaseName');
  return [
    ...(spec.leaseName === '' ? [required(here)] : []),
    ...validateVersions(spec),
    ...validateStrategy(spec),
    ...(old === undefined ? [] : validateImmutable(spec.leaseName, old.spec.leaseName, here)),
  ];
}
