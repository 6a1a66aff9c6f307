import {
  type ApiError,
  badRequest,
  type Features,
  type FieldError,
  forbiddenField,
  invalid,
  notSupported,
  path,
  plainFailure,
  quote,
} from '@keelson/machinery';
import type { Freshness, Revision } from '@keelson/storage';
import type { Query } from '../http/query.js';
import { parseInt64 } from './parse-int64.js';

const LIST_OPTIONS = { group: 'meta.k8s.io', kind: 'ListOptions' };
const match = path('resourceVersionMatch');

/** The parts of ListOptions that say how fresh a read must be, and how much of it is wanted. */
export interface ReadOptions {
  readonly resourceVersion: string;
  readonly resourceVersionMatch: string;
  readonly continue: string;
  readonly sendInitialEvents: boolean | undefined;
  /** 0: no limit, as upstream has it for negative ones. */
  readonly limit: number;
}

export function readOptions(query: Query): ReadOptions {
  // Lists read it, too, though only to see whether it is a number; watches the limit.
  if (query.has('timeoutSeconds')) parseInt64(query.get('timeoutSeconds'));
  return {
    limit: query.has('limit') ? Math.max(0, parseInt64(query.get('limit'))) : 0,
    resourceVersion: query.get('resourceVersion'),
    resourceVersionMatch: query.get('resourceVersionMatch'),
    continue: query.get('continue'),
    sendInitialEvents: query.has('sendInitialEvents') ? query.flag('sendInitialEvents') : undefined,
  };
}

/** The same for a watch: one that asks for no revision is shown the state first, as those that ask for that by name (KEP-3157). */
export function readWatchOptions(query: Query, features: Features): ReadOptions {
  const options = readOptions(query);
  const { sendInitialEvents, resourceVersion, resourceVersionMatch } = options;
  const isPlain = sendInitialEvents === undefined && resourceVersionMatch === '' && (resourceVersion === '' || resourceVersion === '0');
  if (!isPlain || !features.get('WatchList')) return options;
  return { ...options, sendInitialEvents: true, resourceVersionMatch: 'NotOlderThan' };
}

function listErrors(options: ReadOptions): FieldError[] {
  const errors: FieldError[] = [];
  if (options.resourceVersionMatch !== '') {
    if (options.resourceVersion === '')
      errors.push(forbiddenField(match, 'resourceVersionMatch is forbidden unless resourceVersion is provided'));
    if (options.continue !== '') errors.push(forbiddenField(match, 'resourceVersionMatch is forbidden when continue is provided'));
    if (options.resourceVersionMatch !== 'Exact' && options.resourceVersionMatch !== 'NotOlderThan')
      errors.push(notSupported(match, options.resourceVersionMatch, ['Exact', 'NotOlderThan', '']));
    if (options.resourceVersionMatch === 'Exact' && options.resourceVersion === '0')
      errors.push(forbiddenField(match, 'resourceVersionMatch "exact" is forbidden for resourceVersion "0"'));
  }
  if (options.sendInitialEvents !== undefined)
    errors.push(forbiddenField(path('sendInitialEvents'), 'sendInitialEvents is forbidden for list'));
  return errors;
}

function watchErrors(options: ReadOptions, features: Features): FieldError[] {
  const errors: FieldError[] = [];
  const given = options.resourceVersionMatch;
  if (options.sendInitialEvents !== undefined && given !== 'NotOlderThan')
    errors.push(forbiddenField(match, 'sendInitialEvents requires setting resourceVersionMatch to NotOlderThan'));
  if (options.sendInitialEvents !== undefined && !features.get('WatchList'))
    errors.push(
      forbiddenField(path('sendInitialEvents'), 'sendInitialEvents is forbidden for watch unless the WatchList feature gate is enabled'),
    );
  if (given === '') return errors;
  if (options.sendInitialEvents === undefined)
    errors.push(forbiddenField(match, 'resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided'));
  if (given !== 'NotOlderThan') errors.push(notSupported(match, given, ['NotOlderThan']));
  if (options.continue !== '') errors.push(forbiddenField(match, 'resourceVersionMatch is forbidden when continue is provided'));
  return errors;
}

/** Throws 422 for combinations that KEP-1904 rules out. */
export function validateListOptions(options: ReadOptions): void {
  refuse(listErrors(options));
}

/** The same for those of a watch (KEP-3157). */
export function validateWatchOptions(options: ReadOptions, features: Features): void {
  refuse(watchErrors(options, features));
}

function refuse(errors: readonly FieldError[]): void {
  if (errors.length > 0) throw invalid(LIST_OPTIONS, '', errors);
}

/** Revisions beyond what a number holds are as far in the future as any. */
function parseRevision(text: string): Revision {
  const why = !/^\d+$/.test(text) ? 'invalid syntax' : isUint64(text) ? undefined : 'value out of range';
  if (why !== undefined) throw new RangeError(`strconv.ParseUint: parsing ${quote(text)}: ${why}`);
  return Math.min(Number(text), Number.MAX_SAFE_INTEGER);
}

function isUint64(digits: string): boolean {
  const significant = digits.replace(/^0+/, '');
  return significant.length < 20 || (significant.length === 20 && significant <= '18446744073709551615');
}

/** As a list reads it: 400 when malformed. */
export function listRevision(text: string): Revision {
  return refusing(text, (why) => badRequest(`invalid resource version: resourceVersion: Invalid value: ${quote(text)}: ${why}`));
}

/** As get and watch read it: 500 when malformed. */
export function plainRevision(text: string): Revision {
  return refusing(text, (why) => plainFailure(`resourceVersion: Invalid value: ${quote(text)}: ${why}`));
}

function refusing(text: string, refusal: (why: string) => ApiError): Revision {
  try {
    return parseRevision(text);
  } catch (error) {
    if (error instanceof RangeError) throw refusal(error.message);
    throw error;
  }
}

/** Freshness of a GET: no revision means consistent, 0 anything, else at least that. */
export function getFreshness(resourceVersion: string): Freshness {
  if (resourceVersion === '') return { at: 'consistent' };
  const revision = plainRevision(resourceVersion);
  return revision === 0 ? { at: 'any' } : { at: 'notOlderThan', revision };
}

/** Freshness of a LIST without continue token (API conventions, "resourceVersion in list"). */
export function listFreshness(options: ReadOptions): Freshness {
  if (options.resourceVersion === '') return { at: 'consistent' };
  const revision = listRevision(options.resourceVersion);
  if (revision === 0) return { at: 'any' };
  const exact = options.resourceVersionMatch === 'Exact' || (options.resourceVersionMatch === '' && options.limit > 0);
  return { at: exact ? 'exact' : 'notOlderThan', revision };
}
