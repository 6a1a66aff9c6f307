import { type ApiError, badRequest, expired } from '@keelson/machinery';
import { jsonSyntaxError } from '@keelson/schema';
import type { Revision } from '../kv.js';

const VERSION = 'meta.k8s.io/v1';
const NOT_VALID = 'continue key is not valid';
const NO_CONSISTENT_LIST = 'The provided continue parameter is too old to display a consistent list result.';

/** Where a paged list goes on. */
export interface ContinuePosition {
  /** The revision all pages show; undefined for a list that goes on inconsistently, at the latest state. */
  readonly revision: Revision | undefined;
  /** Key path, below the resource's prefix, behind which the next page starts. */
  readonly after: string;
}

/** The token of a list of `rangePath`, as kube-apiserver writes it: either server goes on with the other's lists. */
export function encodeContinue({ revision, after }: ContinuePosition, rangePath: string): string {
  if (!after.startsWith(rangePath)) throw new RangeError(`${after} is not within ${rangePath}`);
  const token = { v: VERSION, rv: revision ?? -1, start: `${after.slice(rangePath.length)}\0` };
  return Buffer.from(JSON.stringify(token)).toString('base64url');
}

/** Throws BadRequest for what no list has given out. */
export function decodeContinue(token: string, rangePath: string): ContinuePosition {
  const { v, rv, start } = parseToken(token);
  if (v !== VERSION) throw invalidToken(`${NOT_VALID}: server does not recognize this encoded version ${v}`);
  if (rv === 0) throw invalidToken(`${NOT_VALID}: incorrect encoded start resourceVersion (version ${VERSION})`);
  if (start === '') throw invalidToken(`${NOT_VALID}: encoded start key empty (version ${VERSION})`);
  // A path that climbs would leave the range of the list.
  const path = start.startsWith('/') ? start.slice(1) : start;
  if (!isClean(path)) throw invalidToken(`${NOT_VALID}: ${start}`);
  return { revision: rv < 0 ? undefined : rv, after: rangePath + behind(path) };
}

/** The error for a list whose revision is compacted; a paged one can be ended inconsistently with the token in it. */
export function listExpired(position: ContinuePosition | undefined, rangePath: string): ApiError {
  if (position === undefined) return expired('The resourceVersion for the provided list is too old.');
  const error = expired(
    `${NO_CONSISTENT_LIST} You can start a new list without the continue parameter, or use the continue token in this response to ` +
      'retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were ' +
      'created, modified, or deleted between the time the first chunk was returned and now may show up in the list.',
  );
  error.status.metadata.continue = encodeContinue({ revision: undefined, after: position.after }, rangePath);
  return error;
}

interface Token {
  readonly v: string;
  readonly rv: number;
  readonly start: string;
}

function parseToken(token: string): Token {
  const illegal = token.search(/[^A-Za-z0-9_-]/);
  const remainder = token.length % 4;
  if (illegal >= 0 || remainder === 1) {
    throw invalidToken(`${NOT_VALID}: illegal base64 data at input byte ${illegal >= 0 ? illegal : token.length - 1}`);
  }
  const fields = parseObject(Buffer.from(token, 'base64url'));
  const { v = '', rv = 0, start = '' } = fields as Partial<Record<keyof Token, unknown>>;
  if (typeof v !== 'string') throw wrongType(v, 'v', 'string');
  if (typeof rv !== 'number' || !Number.isSafeInteger(rv)) throw wrongType(rv, 'rv', 'int64');
  if (typeof start !== 'string') throw wrongType(start, 'start', 'string');
  return { v, rv, start };
}

function parseObject(bytes: Buffer): object {
  let parsed: unknown;
  try {
    parsed = JSON.parse(bytes.toString());
  } catch {
    throw invalidToken(`${NOT_VALID}: ${jsonSyntaxError(bytes)}`);
  }
  if (parsed === null) return {};
  if (typeof parsed === 'object' && !Array.isArray(parsed)) return parsed;
  throw invalidToken(`${NOT_VALID}: json: cannot unmarshal ${jsonType(parsed)} into Go value of type storage.continueToken`);
}

function wrongType(value: unknown, field: string, type: string): ApiError {
  return invalidToken(
    `${NOT_VALID}: json: cannot unmarshal ${jsonType(value)} into Go struct field continueToken.${field} of type ${type}`,
  );
}

function jsonType(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'boolean') return 'bool';
  return typeof value === 'number' && !Number.isSafeInteger(value) ? `number ${value}` : typeof value;
}

function invalidToken(why: string): ApiError {
  return badRequest(`invalid continue token: ${why}`);
}

/** As Go's path.Clean would leave it: no empty, `.` or `..` segments. */
function isClean(path: string): boolean {
  return path !== '' && path.split('/').every((segment) => segment !== '' && segment !== '.' && segment !== '..');
}

/** Tokens name the first key to show: with the NUL that we and kube-apiserver append, the one behind the last key shown. */
function behind(start: string): string {
  if (start.endsWith('\0')) return start.slice(0, -1);
  const last = start.charCodeAt(start.length - 1);
  return `${start.slice(0, -1)}${String.fromCharCode(last - 1)}\u{10FFFF}`;
}
