import type { Buffer } from 'node:buffer';
import { formatGroupVersion, type GroupVersionKind, quote } from '@keelson/machinery';
import { meta } from '../gen/index.js';
import { settleDecimals } from '../json/settle-decimals.js';
import { DecodeError } from '../kind.js';
import { unwrapMessage } from '../wire/envelope.js';
import type { BodyFormat } from './decode-body.js';
import { parseBody } from './parse-body.js';
import { typeMetaOf, unreadableKind, withDefaults } from './type-meta.js';

/** Kinds that every version has, so that it does not matter which one a body names. */
const kindsOfNoVersion: ReadonlySet<string> = new Set(['Status', 'APIVersions', 'APIGroup', 'APIGroupList', 'APIResourceList']);
/** The other kinds of meta.k8s.io/v1. */
const metaKinds: ReadonlySet<string> = new Set([
  'CreateOptions',
  'GetOptions',
  'ListOptions',
  'PartialObjectMetadata',
  'PartialObjectMetadataList',
  'PatchOptions',
  'Table',
  'TableOptions',
  'UpdateOptions',
  'WatchEvent',
]);
const expected: GroupVersionKind = { group: 'meta.k8s.io', version: 'v1', kind: 'DeleteOptions' };

/** The body of a DELETE. Options are of every group and version, but of no other kind. Throws `DecodeError`. */
export function decodeDeleteOptions(body: Buffer, format: BodyFormat): meta.v1.DeleteOptions {
  if (format === 'protobuf') return meta.v1.DeleteOptions.codec.decode(unwrapMessage(body));
  const parse = () => parseBody(body, format, { decimals: true });
  const { value, decimals } = format === 'json' ? identified(parse) : parse();
  const given = withDefaults(
    identified(() => typeMetaOf(value)),
    expected,
  );
  if (given.kind !== expected.kind) throw otherKind(given);
  const { codec, type } = meta.v1.DeleteOptions;
  return codec.fromJson(decimals ? settleDecimals(type, value) : value);
}

function identified<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof DecodeError ? unreadableKind(error) : error;
  }
}

function otherKind(given: GroupVersionKind): DecodeError {
  const { group, version, kind } = given;
  const known = kindsOfNoVersion.has(kind) || (group === expected.group && version === expected.version && metaKinds.has(kind));
  if (known) return new DecodeError(`converting (v1.${kind}) to (v1.DeleteOptions): unknown conversion`);
  const scheme = '"pkg/apis/meta/internalversion/scheme/register.go:27"';
  return new DecodeError(`no kind ${quote(kind)} is registered for version ${quote(formatGroupVersion(given))} in scheme ${scheme}`);
}
