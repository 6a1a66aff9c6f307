import {
  type ApiError,
  defaultFeatures,
  type Features,
  type FieldError,
  forbiddenField,
  invalid,
  invalidField,
  isAllPrintable,
  isPrintable,
  type JsonObject,
  notSupported,
  path,
  required,
  validateFieldManager,
} from '@keelson/machinery';
import type { FieldValidation } from '@keelson/schema';
import type { Query } from '../http/query.js';
import { parseInt64 } from './parse-int64.js';

/** CreateOptions, UpdateOptions or PatchOptions of a request, checked. */
export interface WriteOptions {
  readonly dryRun: boolean;
  readonly fieldManager: string;
  readonly fieldValidation: FieldValidation;
  /** PatchOptions only. */
  readonly force: boolean | undefined;
  /** As admission shows them. */
  readonly object: JsonObject;
}

const MANAGER_LIMIT = 128;
const MANAGER_PATH = path('fieldManager');
/** In the order in which messages list them. */
const VALIDATIONS = ['Ignore', 'Strict', 'Warn'];

function dryRunErrors(values: readonly string[]): FieldError[] {
  return values.some((value) => value !== 'All') ? [notSupported(path('dryRun'), values, ['All'])] : [];
}

function validationErrors(value: string): FieldError[] {
  return value === '' || VALIDATIONS.includes(value) ? [] : [notSupported(path('fieldValidation'), value, ['', ...VALIDATIONS])];
}

/** Reads the write options of `kind` from the query; throws 422 for what is not allowed. An apply must say who its manager is. */
export function writeOptions(query: Query, kind: 'CreateOptions' | 'UpdateOptions' | 'PatchOptions', applies = false): WriteOptions {
  const dryRun = query.getAll('dryRun');
  const fieldManager = query.get('fieldManager');
  const validation = query.get('fieldValidation');
  const errors = [...dryRunErrors(dryRun), ...validateFieldManager(fieldManager, MANAGER_PATH), ...validationErrors(validation)];
  if (applies && fieldManager === '') errors.push(required(MANAGER_PATH, 'is required for apply patch'));
  const force = kind === 'PatchOptions' && query.has('force') ? query.flag('force') : undefined;
  if (force !== undefined && !applies) errors.push(forbiddenField(path('force'), 'may not be specified for non-apply patch'));
  if (errors.length > 0) throw invalid({ group: 'meta.k8s.io', kind }, '', errors);
  return {
    dryRun: dryRun.length > 0,
    fieldManager,
    fieldValidation: (validation || 'Warn') as FieldValidation,
    force,
    object: {
      kind,
      apiVersion: 'meta.k8s.io/v1',
      ...(dryRun.length > 0 && { dryRun: [...dryRun] }),
      ...(force !== undefined && { force }),
      ...(fieldManager !== '' && { fieldManager }),
      ...(validation !== '' && { fieldValidation: validation }),
    },
  };
}

/** Who owns fields written without `fieldManager`: the program's name in its User-Agent. */
export function managerOf(fieldManager: string, userAgent: string | undefined): string {
  if (fieldManager !== '') return fieldManager;
  const agent = (userAgent ?? '').split('/', 1)[0] ?? '';
  return cutToBytes(isAllPrintable(agent) ? agent : [...agent].filter(isPrintable).join(''), MANAGER_LIMIT);
}

/** At most so many bytes, and no half characters. */
function cutToBytes(text: string, limit: number): string {
  if (Buffer.byteLength(text) <= limit) return text;
  return new TextDecoder().decode(Buffer.from(text).subarray(0, limit), { stream: true });
}

export interface DeleteOptions {
  readonly gracePeriodSeconds: number | undefined;
  readonly orphanDependents: boolean | undefined;
  readonly propagationPolicy: string | undefined;
  readonly preconditions: { readonly uid?: string; readonly resourceVersion?: string } | undefined;
  readonly dryRun: boolean;
  /** What is stored goes without having been read, where it cannot be. */
  readonly ignoreReadError: boolean;
  readonly object: JsonObject;
}

const POLICIES = ['Foreground', 'Background', 'Orphan'];

function propagationErrors(policy: unknown, orphan: unknown): FieldError[] {
  const where = path('propagationPolicy');
  if (policy === undefined) return [];
  if (orphan !== undefined) return [invalidField(where, policy, 'orphanDependents and deletionPropagation cannot be both set')];
  return POLICIES.includes(policy as string) ? [] : [notSupported(where, policy, [...POLICIES, 'nil'])];
}

const IGNORE_READ_ERROR = 'ignoreStoreReadErrorWithClusterBreakingPotential';
const UNSAFE_PATH = path(IGNORE_READ_ERROR);

/** Whoever deletes what nobody can read can ask for nothing that depends on what it is. */
function unsafeErrors(options: JsonObject, dryRun: readonly string[]): FieldError[] {
  if (options[IGNORE_READ_ERROR] !== true) return [];
  const others = ['propagationPolicy', 'orphanDependents', 'gracePeriodSeconds', 'preconditions'];
  const given = [...(dryRun.length > 0 ? ['dryRun'] : []), ...others.filter((name) => options[name] !== undefined)];
  return given.map((name) => invalidField(UNSAFE_PATH, true, `cannot be set together with .${name}`));
}

export function invalidDeleteOptions(errors: readonly FieldError[]): ApiError {
  return invalid({ group: 'meta.k8s.io', kind: 'DeleteOptions' }, '', errors);
}

/** That the option asks for something which `why` says cannot be. */
export function refusedUnsafe(why: string): FieldError {
  return invalidField(UNSAFE_PATH, true, why);
}

/** Checks DeleteOptions that were read from a body or a query; throws 422. */
export function checkDeleteOptions(given: JsonObject, features: Features = defaultFeatures): DeleteOptions {
  const { [IGNORE_READ_ERROR]: ignored, ...safe } = given;
  const options = ignored === undefined || features.get('AllowUnsafeMalformedObjectDeletion') ? given : safe;
  const dryRun = (options.dryRun ?? []) as string[];
  const errors = [
    ...propagationErrors(options.propagationPolicy, options.orphanDependents),
    ...dryRunErrors(dryRun),
    ...unsafeErrors(options, dryRun),
  ];
  if (errors.length > 0) throw invalidDeleteOptions(errors);
  return {
    gracePeriodSeconds: options.gracePeriodSeconds as number | undefined,
    orphanDependents: options.orphanDependents as boolean | undefined,
    propagationPolicy: options.propagationPolicy as string | undefined,
    preconditions: options.preconditions as DeleteOptions['preconditions'],
    dryRun: dryRun.length > 0,
    ignoreReadError: options[IGNORE_READ_ERROR] === true,
    object: { kind: 'DeleteOptions', apiVersion: 'meta.k8s.io/v1', ...options },
  };
}

/** DeleteOptions as a query carries them. */
export function deleteOptionsFromQuery(query: Query): JsonObject {
  const dryRun = query.getAll('dryRun');
  return {
    ...(query.has('gracePeriodSeconds') && { gracePeriodSeconds: parseInt64(query.get('gracePeriodSeconds')) }),
    ...(query.has('orphanDependents') && { orphanDependents: query.flag('orphanDependents') }),
    ...(query.has('propagationPolicy') && { propagationPolicy: query.get('propagationPolicy') }),
    ...(dryRun.length > 0 && { dryRun: [...dryRun] }),
    ...(query.has(IGNORE_READ_ERROR) && { [IGNORE_READ_ERROR]: query.flag(IGNORE_READ_ERROR) }),
  };
}
