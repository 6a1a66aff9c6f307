import { type FieldError, invalid, invalidField, newUid, path } from '@keelson/machinery';
import { authentication } from '@keelson/schema';
import type { ActionSubresource, SubresourceCreateRequest } from '@keelson/server';

type TokenRequest = authentication.v1.TokenRequest;

/** What a token is to say of its account. */
export interface ServiceAccountTokenClaims {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly audiences: readonly string[];
  readonly expirationSeconds: number;
  /** The object with which the token dies. */
  readonly boundObject?: { readonly kind: string; readonly apiVersion: string; readonly name: string; readonly uid: string };
}

export interface ServiceAccountToken {
  readonly token: string;
  /** RFC 3339, whole seconds. */
  readonly expirationTimestamp: string;
}

/** Signs tokens of service accounts, and knows what they may be bound to. */
export interface ServiceAccountTokens {
  /** Audiences of tokens that name none. */
  readonly audiences: readonly string[];
  /** Longer lifetimes are cut to this one; absent: none is too long. */
  readonly maxExpirationSeconds?: number;
  /** Throws `ApiError` when the bound object does not exist or is another one. */
  sign(claims: ServiceAccountTokenClaims): Promise<ServiceAccountToken>;
}

const minExpirationSeconds = 600;
const maxExpirationSeconds = 2 ** 32;
const defaultExpirationSeconds = 3600;

function checkNames({ metadata }: TokenRequest, { name, namespace }: SubresourceCreateRequest): FieldError[] {
  const at = path('metadata');
  const errors: FieldError[] = [];
  if (metadata.name && metadata.name !== name) {
    errors.push(invalidField(at.child('name'), metadata.name, 'must match the service account name if specified'));
  }
  if (metadata.namespace && metadata.namespace !== namespace) {
    errors.push(invalidField(at.child('namespace'), metadata.namespace, 'must match the service account namespace if specified'));
  }
  return errors;
}

function checkExpiration(seconds: number): FieldError[] {
  const at = path('spec', 'expirationSeconds');
  if (seconds < minExpirationSeconds) return [invalidField(at, seconds, 'may not specify a duration less than 10 minutes')];
  if (seconds > maxExpirationSeconds) return [invalidField(at, seconds, 'may not specify a duration larger than 2^32 seconds')];
  return [];
}

/** `serviceaccounts/<name>/token`: a short-lived token of the account. */
export function tokenSubresource(tokens: ServiceAccountTokens): ActionSubresource {
  return {
    type: 'action',
    kind: authentication.v1.TokenRequest,
    async create(object, request) {
      const asked = object as TokenRequest;
      const { namespace, name, context } = request;
      const misnamed = checkNames(asked, request);
      if (misnamed.length > 0) throw invalid(authentication.v1.TokenRequest, name, misnamed);
      const account = await request.getParent();
      const audiences = asked.spec.audiences?.length ? asked.spec.audiences : [...tokens.audiences];
      const seconds = asked.spec.expirationSeconds ?? defaultExpirationSeconds;
      const wrong = checkExpiration(seconds);
      if (wrong.length > 0) throw invalid(authentication.v1.TokenRequest, name, wrong);
      const expirationSeconds = Math.min(seconds, tokens.maxExpirationSeconds ?? seconds);
      const { boundObjectRef } = asked.spec;
      const status = await tokens.sign({
        namespace,
        name,
        uid: account.metadata.uid ?? '',
        audiences,
        expirationSeconds,
        ...(boundObjectRef && { boundObject: boundReference(boundObjectRef) }),
      });
      return {
        metadata: { ...asked.metadata, name, namespace, uid: newUid(), creationTimestamp: context.now },
        spec: { audiences, expirationSeconds, boundObjectRef },
        status,
      } as TokenRequest;
    },
  };
}

function boundReference({ kind = '', apiVersion = '', name = '', uid = '' }: authentication.v1.BoundObjectReference) {
  return { kind, apiVersion, name, uid };
}
