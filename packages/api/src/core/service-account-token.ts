import {
  conflict,
  type FieldError,
  type IssuedToken,
  injectedTokenSeconds,
  internalError,
  invalid,
  invalidField,
  type KubeObject,
  path,
  type ServiceAccountTokenGrant,
  type ServiceAccountTokenIssuer,
  timeOf,
} from '@keelson/machinery';
import { authentication } from '@keelson/schema';
import type { ActionSubresource, SubresourceCreateRequest, WriteContext } from '@keelson/server';
import type { BoundObjects } from './bound-objects.js';

type TokenRequest = authentication.v1.TokenRequest;

/** How tokens of service accounts are issued. */
export interface ServiceAccountTokens {
  readonly issuer: ServiceAccountTokenIssuer;
  /** Audiences of tokens that name none: those of this server. */
  readonly audiences: readonly string[];
  /** Longer lifetimes are cut to this one; absent: none is too long. */
  readonly maxExpirationSeconds?: number;
  /** How long tokens that admission puts into pods are good; absent: as long as they say. */
  readonly extendedExpirationSeconds?: number;
}

const kind = authentication.v1.TokenRequest;
const tokenRequests = { group: kind.group, resource: kind.kind };

const minExpirationSeconds = 600;
const maxExpirationSeconds = 2 ** 32;
const defaultExpirationSeconds = 3600;

/** `serviceaccounts/<name>/token`: a short-lived token of the account. */
export function tokenSubresource(tokens: ServiceAccountTokens, objects: BoundObjects): ActionSubresource {
  return {
    type: 'action',
    kind,
    defaults(object) {
      (object as TokenRequest).spec.expirationSeconds ??= defaultExpirationSeconds;
    },
    async create(object, request) {
      const asked = object as TokenRequest;
      checkName(asked, request);
      complete(asked, await request.getParent(), tokens.audiences, request.context);
      const wrong = checkExpiration(expirationOf(asked));
      if (wrong.length > 0) throw invalid(kind, '', wrong);
      await request.validateAdmission();
      const bound = await objects.find(asked, request);
      limitLifetime(asked, tokens, request);
      const { token, credentialId } = await issue(tokens.issuer, grantOf(asked, bound, tokens));
      request.context.annotate('authentication.kubernetes.io/issued-credential-id', credentialId);
      const expiresAtMs = Date.parse(request.context.now) + expirationOf(asked) * 1000;
      asked.status = { token, expirationTimestamp: timeOf(expiresAtMs) };
      return asked;
    },
  };
}

function checkName({ metadata }: TokenRequest, { name }: SubresourceCreateRequest): void {
  if (!metadata.name || metadata.name === name) return;
  throw invalid(kind, name, [invalidField(path('metadata', 'name'), metadata.name, 'must match the service account name if specified')]);
}

/** Says in the request whose token it asks for. In place. */
function complete(asked: TokenRequest, account: KubeObject, audiences: readonly string[], { now, features }: WriteContext): void {
  const { metadata, spec } = asked;
  const { name = '', namespace = '', uid = '' } = account.metadata;
  if (features.get('TokenRequestServiceAccountUIDValidation') && metadata.uid && metadata.uid !== uid) {
    const why = `the UID in the token request (${metadata.uid}) does not match the UID of the service account (${uid})`;
    throw conflict(tokenRequests, name, why);
  }
  if (!spec.audiences?.length) spec.audiences = [...audiences];
  Object.assign(metadata, { name, namespace, uid, creationTimestamp: now });
  asked.status = kind.codec.fromJson({}).status;
}

async function issue(issuer: ServiceAccountTokenIssuer, grant: ServiceAccountTokenGrant): Promise<IssuedToken> {
  try {
    return await issuer.issue(grant);
  } catch (error) {
    throw internalError(new Error(`failed to generate token: ${error instanceof Error ? error.message : error}`, { cause: error }));
  }
}

const expirationOf = ({ spec }: TokenRequest): number => spec.expirationSeconds ?? defaultExpirationSeconds;

function checkExpiration(seconds: number): FieldError[] {
  const at = path('spec', 'expirationSeconds');
  if (seconds < minExpirationSeconds) return [invalidField(at, seconds, 'may not specify a duration less than 10 minutes')];
  if (seconds > maxExpirationSeconds) return [invalidField(at, seconds, 'may not specify a duration larger than 2^32 seconds')];
  return [];
}

function limitLifetime(
  asked: TokenRequest,
  { maxExpirationSeconds: max }: ServiceAccountTokens,
  { context }: SubresourceCreateRequest,
): void {
  const seconds = expirationOf(asked);
  if (max === undefined || seconds <= max) return;
  context.warn(`requested expiration of ${seconds} seconds shortened to ${max} seconds`);
  asked.spec.expirationSeconds = max;
}

type Bound = Pick<ServiceAccountTokenGrant, 'pod' | 'secret' | 'node'>;

function grantOf(
  asked: TokenRequest,
  bound: Bound,
  { audiences, extendedExpirationSeconds }: ServiceAccountTokens,
): ServiceAccountTokenGrant {
  const { metadata, spec } = asked;
  const seconds = expirationOf(asked);
  const askedAudiences = spec.audiences ?? [];
  const isInjected =
    bound.pod !== undefined && seconds === injectedTokenSeconds && askedAudiences.every((audience) => audiences.includes(audience));
  const extended = isInjected ? extendedExpirationSeconds : undefined;
  return {
    ...bound,
    namespace: metadata.namespace ?? '',
    account: { name: metadata.name ?? '', uid: metadata.uid ?? '' },
    audiences: askedAudiences,
    lifetimeSeconds: extended ?? seconds,
    ...(extended !== undefined && { warnAfterSeconds: seconds }),
  };
}
