import { createHash } from 'node:crypto';
import type { GroupResource } from '@keelson/machinery';
import { formatJson } from '@keelson/machinery';
import type { ResourceVersion } from '@keelson/server';
import { type Definition, isTrue } from '../conditions/definition-condition.js';
import type { CustomVersion } from './custom-resources.js';

/** A definition whose objects are served. */
export interface ServedDefinition {
  readonly name: string;
  readonly groupResource: GroupResource;
  /** All that its routes follow from: where this is the same nothing has to be made anew. */
  readonly fingerprint: string;
  readonly versions: readonly CustomVersion[];
  /** It and its objects are being deleted. */
  terminating: boolean;
  /** Discovery tells of it. */
  published: boolean;
}

export function fingerprintOf({ metadata, spec, status }: Definition): string {
  return createHash('sha256')
    .update(formatJson([metadata.uid, spec, status.acceptedNames]))
    .digest('base64');
}

/** Names are a promise that it will be served, which it then is before clients are told. */
export function isServable(definition: Definition): boolean {
  return isTrue(definition, 'NamesAccepted') || isTrue(definition, 'Established');
}

/** The versions that clients reach. */
export function reachable({ versions }: ServedDefinition): ResourceVersion[] {
  return versions.filter(({ served }) => served).map(({ resource }) => ownVersion(resource));
}

function ownVersion(resource: CustomVersion['resource']): ResourceVersion {
  const version = resource.inVersion(resource.hub.group, resource.hub.version);
  if (version === undefined) throw new Error(`resource ${resource.resource}.${resource.group} is in no version`);
  return version;
}
