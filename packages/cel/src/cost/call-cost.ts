import { codePoints } from '../source/source.js';
import { elementAt, findEntry, isList, isMapping, listSize, mapKeys, mapSize } from '../values/collections.js';
import { type CelValue, Opaque, Optional } from '../values/value.js';
import { costs } from './costs.js';

/** The cost of a call: the same for all, or what its arguments make it, or its result. */
export type CallCost = number | CostOfArguments | { readonly ofResult: (result: CelValue) => number };
type CostOfArguments = (args: readonly CelValue[]) => number;

/** By cel-go's name of the overload, where the type checker has found the one that is called. */
export function callCost(name: string, overload: string | undefined): CallCost {
  const special = overload === undefined ? undefined : LISTS_AND_SETS.get(overload);
  return special ?? kubernetesCost(name, overload) ?? (overload === undefined ? undefined : OVERLOADS.get(overload)) ?? costs.call;
}

/** What Kubernetes takes for the size of a value. */
function sizeOf(value: CelValue | undefined): number {
  if (typeof value === 'string') return codePoints(value);
  if (value === undefined || value === null || typeof value !== 'object') return 1;
  if (value instanceof Uint8Array) return value.length;
  if (isList(value)) return listSize(value);
  if (value instanceof Opaque) return value.size;
  if (value instanceof Optional) return value.value === undefined ? 1 : sizeOf(value.value);
  return isMapping(value) ? mapSize(value) : 1;
}

function reading(size: number, times = 1): number {
  return Math.ceil(size * times * costs.character);
}

const readsFirst: CostOfArguments = ([first]) => reading(sizeOf(first));
const readsFirstTwice: CostOfArguments = ([first]) => reading(sizeOf(first), 2);

function matching(text: number, pattern: number): number {
  return reading(1 + text) * Math.ceil(pattern * costs.patternCharacter);
}

const readsSmaller: CostOfArguments = ([a, b]) => reading(Math.min(sizeOf(a), sizeOf(b)));
const readsBoth: CostOfArguments = ([a, b]) => reading(sizeOf(a) + sizeOf(b));

/** cel-go's own rules. */
const OVERLOADS: ReadonlyMap<string, CallCost> = new Map<string, CallCost>([
  ...['starts_with_string', 'ends_with_string', 'string_to_bytes', 'bytes_to_string', 'strings_quote', 'string_format'].map(
    (id) => [id, readsFirst] as const,
  ),
  ['in_list', ([, list]) => sizeOf(list)],
  ...['less', 'less_equals', 'greater', 'greater_equals'].flatMap((order) =>
    [`${order}_string`, `${order}_bytes`].map((id) => [id, readsSmaller] as const),
  ),
  ['equals', readsSmaller],
  ['not_equals', readsSmaller],
  ['add_string', readsBoth],
  ['add_bytes', readsBoth],
  ['matches_string', ([text, pattern]) => matching(sizeOf(text), sizeOf(pattern))],
  ['contains_string', ([text, part]) => reading(sizeOf(text)) * reading(sizeOf(part))],
]);

const allocating = (factor: number, size: number) => Math.trunc(size * factor) + costs.call + costs.list;
const resultSize: CallCost = { ofResult: (result) => allocating(1, sizeOf(result)) };
const comparingAll = (list: CelValue | undefined) => {
  const size = sizeOf(list);
  const first = size > 0 && list !== undefined && isList(list) ? elementAt(list, 0) : undefined;
  const textual = typeof first === 'string' || first instanceof Uint8Array;
  return allocating(textual ? 2 + costs.character : 2, size * size);
};
const sets =
  (factor: number): CallCost =>
  ([a, b]) =>
    costs.call + Math.trunc(sizeOf(a) * sizeOf(b) * factor);
/** Names of the types of what cel-go's lists can be sorted by, as overloads have them. */
export const SORTABLE_TYPES = ['int', 'uint', 'double', 'bool', 'google.protobuf.Duration', 'google.protobuf.Timestamp', 'string', 'bytes'];

/** Rules that cel-go's libraries of lists and sets bring along. */
const LISTS_AND_SETS: ReadonlyMap<string, CallCost> = new Map<string, CallCost>([
  ['list_sets_contains_list', sets(1)],
  ['list_sets_intersects_list', sets(1)],
  ['list_sets_equivalent_list', sets(2)],
  ['list_slice', resultSize],
  ['lists_range', resultSize],
  ['list_reverse', resultSize],
  ['list_flatten', ([list]) => allocating(1, sizeOf(list))],
  ['list_flatten_int', ([list, depth]) => allocating(Number(depth), sizeOf(list))],
  ['list_distinct', ([list]) => comparingAll(list)],
  ...SORTABLE_TYPES.flatMap((type) => [
    [`list_${type}_sort`, ([list]: readonly CelValue[]) => comparingAll(list)] as const,
    [`list_${type}_sortByAssociatedKeys`, ([, keys]: readonly CelValue[]) => comparingAll(keys)] as const,
  ]),
]);

/** Functions that only look something up. */
export const NOMINAL = new Set(
  (
    'serviceAccount path group resource subresource namespace name allowed reason error errored masked prefixLength family ' +
    'isUnspecified isLoopback isLinkLocalMulticast isLinkLocalUnicast isGlobalUnicast format.named sign asInteger isInteger ' +
    'asApproximateFloat isGreaterThan isLessThan compareTo add sub major minor patch getScheme getHostname getHost getPort ' +
    'getEscapedPath getQuery'
  ).split(' '),
);
const READS_FIRST = new Set(
  'url lowerAscii upperAscii substring trim jsonpatch.escapeKey cidr isIP isCIDR quantity isQuantity semver isSemver'.split(' '),
);
const TRAVERSES = new Set('isSorted sum max min indexOf lastIndexOf'.split(' '));

/** Kubernetes' rules, which go by the name of the function, whatever library it is of. */
function kubernetesCost(name: string, overload: string | undefined): CallCost | undefined {
  if (NOMINAL.has(name)) return 1;
  if (READS_FIRST.has(name)) return readsFirst;
  if (TRAVERSES.has(name)) return ([list]) => traversal(list ?? null);
  switch (name) {
    case 'check':
      return costs.authorizationCheck;
    case 'fieldSelector':
    case 'labelSelector':
      return ([, selector]) => selectorCost(sizeOf(selector));
    case 'replace':
    case 'split':
    case 'ip.isCanonical':
      return readsFirstTwice;
    case 'join':
      return { ofResult: (result) => reading(sizeOf(result), 2) };
    case 'find':
    case 'findAll':
      return ([text, pattern]) => matching(sizeOf(text), sizeOf(pattern));
    case 'ip':
      return overload === 'cidr_ip' ? 1 : readsFirst;
    case 'containsIP':
    case 'containsCIDR':
      return containing(name === 'containsCIDR', overload?.endsWith('_string') === true);
    case 'validate':
      return ([format, text]) => matching(sizeOf(text), sizeOf(format));
    case '_==_':
      return (args) => (args[0] instanceof Opaque ? 1 : readsSmaller(args));
    default:
      return undefined;
  }
}

/** Parsing it, and two characters for each requirement, which takes a structure and a list. */
function selectorCost(length: number): number {
  const requirements = Math.ceil(length * 0.5);
  return costs.list + reading(length) + requirements * (costs.list + costs.struct);
}

function containing(ofCidr: boolean, parses: boolean): CallCost {
  return ([cidr, other]) => {
    const size = sizeOf(cidr);
    const masking = ofCidr ? reading(size) + 1 : 0;
    return reading(size + size) + masking + (parses ? reading(sizeOf(other)) : 0);
  };
}

/** Of reading a value and all that is in it. */
function traversal(value: CelValue): number {
  if (typeof value === 'string') return Math.trunc(Buffer.byteLength(value) * costs.character);
  if (value instanceof Uint8Array) return Math.trunc(value.length * costs.character);
  let cost = 0;
  if (isList(value)) {
    for (let i = 0; i < listSize(value); i++) cost += traversal(elementAt(value, i));
    return cost;
  }
  if (value === null || typeof value !== 'object' || !isMapping(value)) return 1;
  for (const key of mapKeys(value)) cost += traversal(key) + traversal(findEntry(value, key) ?? null);
  return cost;
}
