import { type AuthenticationResult, type Authenticator, type UserInfo, unauthorized } from '@keelson/machinery';
import type { Filter, KeelsonContext, Outcome, RequestState } from '../http/context.js';
import type { Log } from '../logging/log.js';
import { type CredentialHeaders, credentialRemover, standardCredentialHeaders } from './credential-headers.js';

/** Told of every attempt, for metrics. `error`: a credential that is bad, or meant for others. */
export type AuthenticationEnd = (result: 'success' | 'failure' | 'error', user: UserInfo | undefined, durationMs: number) => void;

export interface AuthenticationOptions {
  readonly authenticator: Authenticator;
  readonly log: Log;
  /** `--api-audiences`: a credential that names audiences must name one of these. Empty accepts all. */
  readonly apiAudiences?: readonly string[];
  /** This server's own `--requestheader-*` names, removed beside the standard ones. */
  readonly requestHeaders?: CredentialHeaders;
  /** `WWW-Authenticate` of a 401 (RFC 9110, 11.6.1): Kubernetes has none, but for passwords. */
  readonly challenge?: string;
  /** Whether whoever is not known keeps a connection of HTTP/2; default false: it is cheap to abuse (CVE-2023-44487). */
  readonly keepsStrangers?: boolean;
  readonly onEnd?: AuthenticationEnd;
  /** Told of a request that nobody is known by; its credentials are still there. */
  onRefusal?(state: RequestState): void;
}

const nothing: Readonly<Record<string, string>> = {};
const none: readonly string[] = [];

/** Finds out who asks and removes the credentials from the request; 401 for everybody the authenticators do not know. */
export function authenticate(options: AuthenticationOptions): Filter {
  const { authenticator, apiAudiences, keepsStrangers = false, onEnd } = options;
  const removeCredentials = credentialRemover(mergeHeaders(options.requestHeaders));
  const accept = (ctx: KeelsonContext, next: () => Outcome, result: AuthenticationResult | undefined, begunAtMs: number): Outcome => {
    if (result === undefined) return refuse(ctx, options, begunAtMs, 'failure');
    if (!audienceAccepted(result, apiAudiences)) return refuse(ctx, options, begunAtMs, 'error');
    const { user } = result;
    onEnd?.('success', user, performance.now() - begunAtMs);
    const { state } = ctx;
    state.user = user;
    for (const [key, value] of Object.entries(result.annotations ?? nothing)) state.annotate(key, value);
    for (const warning of result.warnings ?? none) state.warn(warning);
    if (state.stream && !keepsStrangers && isAnonymous(user)) state.stream.session?.close();
    removeCredentials(ctx.req);
    return next();
  };
  return (ctx, next) => {
    const begunAtMs = performance.now();
    let result: ReturnType<Authenticator['authenticate']>;
    try {
      result = authenticator.authenticate(ctx.req);
    } catch (error) {
      return refuse(ctx, options, begunAtMs, 'error', error);
    }
    if (!(result instanceof Promise)) return accept(ctx, next, result, begunAtMs);
    return result.catch((error) => refuse(ctx, options, begunAtMs, 'error', error)).then((known) => accept(ctx, next, known, begunAtMs));
  };
}

function refuse(
  { state, req, res }: KeelsonContext,
  { log, challenge, keepsStrangers = false, onEnd, onRefusal }: AuthenticationOptions,
  begunAtMs: number,
  result: 'failure' | 'error',
  error?: unknown,
): never {
  onEnd?.(result, undefined, performance.now() - begunAtMs);
  onRefusal?.(state);
  if (error !== undefined) log.info(2, 'unable to authenticate the request', { from: req.socket?.remoteAddress, error });
  if (!keepsStrangers) state.stream?.session?.close();
  if (challenge !== undefined) res.setHeader('WWW-Authenticate', challenge);
  throw unauthorized();
}

function audienceAccepted({ audiences }: AuthenticationResult, apiAudiences: readonly string[] | undefined): boolean {
  if (audiences === undefined || audiences.length === 0 || apiAudiences === undefined || apiAudiences.length === 0) return true;
  return audiences.some((audience) => apiAudiences.includes(audience));
}

function isAnonymous(user: UserInfo): boolean {
  return user.name === 'system:anonymous' || user.groups.includes('system:unauthenticated');
}

function mergeHeaders(own: CredentialHeaders | undefined): CredentialHeaders {
  if (own === undefined) return standardCredentialHeaders;
  return {
    names: [...standardCredentialHeaders.names, ...own.names.map((name) => name.toLowerCase())],
    prefixes: [...standardCredentialHeaders.prefixes, ...own.prefixes.map((prefix) => prefix.toLowerCase())],
  };
}
