import { type FieldError, type FieldPath, invalidField, required, underscoredSubdomain } from '@keelson/machinery';
import type { core } from '@keelson/schema';
import { validateIp } from '../../net/ip-validation.js';
import { validateEach } from '../../validation/each.js';
import { validateForm } from '../../validation/names.js';

/** What resolvers of usual C libraries put up with. */
const maxNameservers = 3;
const maxSearchPaths = 32;
const maxSearchCharacters = 2048;

function validateSearch(search: string, at: FieldPath): FieldError[] {
  if (search === '.') return [];
  return validateForm(search.endsWith('.') ? search.slice(0, -1) : search, at, underscoredSubdomain);
}

function validateSearches(searches: readonly string[], at: FieldPath): FieldError[] {
  const tooMany = searches.length > maxSearchPaths;
  const tooLong = searches.join(' ').length > maxSearchCharacters;
  const length = `must not have more than ${maxSearchCharacters} characters (including spaces) in the search list`;
  return [
    ...(tooMany ? [invalidField(at, searches, `must not have more than ${maxSearchPaths} search paths`)] : []),
    ...(tooLong ? [invalidField(at, searches, length)] : []),
    ...validateEach(searches, at, validateSearch),
  ];
}

/** Where a pod looks names up. Without its cluster and its node it has to say so itself. */
export function validateDnsConfig({ dnsConfig: config, dnsPolicy }: core.v1.PodSpec, at: FieldPath): FieldError[] {
  const onItsOwn = dnsPolicy === 'None';
  if (config === undefined) return onItsOwn ? [required(at, 'must provide `dnsConfig` when `dnsPolicy` is None')] : [];
  const { nameservers = [], searches = [], options } = config;
  const serversPath = at.child('nameservers');
  if (onItsOwn && nameservers.length === 0) {
    return [required(serversPath, 'must provide at least one DNS nameserver when `dnsPolicy` is None')];
  }
  const tooMany = nameservers.length > maxNameservers;
  return [
    ...(tooMany ? [invalidField(serversPath, nameservers, `must not have more than ${maxNameservers} nameservers`)] : []),
    ...validateEach(nameservers, serversPath, (ip, here) => validateIp(ip, here)),
    ...validateSearches(searches, at.child('searches')),
    ...validateEach(options, at.child('options'), ({ name = '' }, here) => (name === '' ? [required(here, 'must not be empty')] : [])),
  ];
}
