import type { Authenticator, Authorizer, Histogram } from '@keelson/machinery';
import type { Auditing } from '../audit/auditing.js';
import type { Filter, Handler } from '../http/context.js';
import type { StatusWriter } from '../http/reply.js';
import type { Log } from '../logging/log.js';
import type { TimedFilter } from '../metrics/requests/filter-metrics.js';
import { assignAuditId } from './audit-id.js';
import { type AuthenticationOptions, authenticate } from './authentication.js';
import { type AuthorizationOptions, authorize } from './authorization.js';
import { forbidCaching } from './cache-control.js';
import { refuseWhenClosing, retryElsewhereWhenClosing } from './closing.js';
import { forbidCompression } from './compression.js';
import { cors } from './cors.js';
import { deadline } from './deadline.js';
import { answerErrors } from './errors.js';
import type { FilterEvents } from './filter-events.js';
import { beginFilterTimes, filterTime } from './filter-times.js';
import { goawayByChance } from './goaway.js';
import { impersonate } from './impersonation.js';
import { type InFlightRequests, type RequestEnd, trackInFlight } from './in-flight.js';
import type { LongRunningCheck } from './long-running.js';
import type { RequestLimiter } from './request-limiter.js';
import { resolveRequestInfo } from './resolve-request-info.js';
import { strictTransportSecurity } from './strict-transport-security.js';

export interface ChainOptions {
  readonly log: Log;
  readonly writeStatus: StatusWriter;
  readonly authenticator: Authenticator;
  readonly authorizer: Authorizer;
  /** Absent when nothing is audited. */
  readonly auditing?: Auditing | undefined;
  readonly inFlight: InFlightRequests;
  readonly limiter: Pick<RequestLimiter, 'filter'>;
  readonly isLongRunning: LongRunningCheck;
  /** `--request-timeout` */
  readonly requestTimeoutMs: number;
  readonly onRequestEnd: RequestEnd;
  readonly events?: FilterEvents;
  /** Where it is counted how long requests take to pass some of the filters. */
  readonly filterDurations?: Readonly<Record<TimedFilter, Histogram>>;
  /** True once new requests are to go to another replica. */
  readonly closing?: () => boolean;
  /** `--shutdown-send-retry-after` */
  readonly sendRetryAfter?: boolean;
  /** `--goaway-chance` */
  readonly goawayChance?: number;
  /** `--strict-transport-security-directives` */
  readonly strictTransportSecurity?: readonly string[];
  /** `--cors-allowed-origins` */
  readonly corsAllowedOrigins?: readonly RegExp[];
  /** False: no answer is compressed; default true. */
  readonly compresses?: boolean;
  readonly authentication?: Pick<AuthenticationOptions, 'apiAudiences' | 'requestHeaders' | 'challenge' | 'keepsStrangers' | 'onEnd'>;
  readonly authorization?: Pick<AuthorizationOptions, 'onEnd'>;
  readonly dispatch: Handler;
}

/** What every request passes, outermost first. A filter that is switched off is left out, not passed through. */
export function buildChain(options: ChainOptions): Filter[] {
  const {
    log,
    authenticator,
    authorizer,
    auditing,
    closing,
    sendRetryAfter = false,
    goawayChance = 0,
    strictTransportSecurity: hsts = [],
    corsAllowedOrigins = [],
    compresses = true,
    filterDurations,
  } = options;
  const timed = (name: TimedFilter, filter: Filter) => [filter, ...when(filterDurations?.[name], filterTime)];
  return [
    answerErrors(options),
    assignAuditId,
    resolveRequestInfo,
    ...when(sendRetryAfter && closing, retryElsewhereWhenClosing),
    ...when(hsts.length > 0 && hsts, strictTransportSecurity),
    forbidCaching,
    ...(compresses ? [] : [forbidCompression]),
    ...when(goawayChance > 0 && goawayChance, goawayByChance),
    ...when(!sendRetryAfter && closing, refuseWhenClosing),
    trackInFlight(options.inFlight, options.onRequestEnd),
    deadline({ ...options, ...(auditing && { onRefusal: (state, why) => auditing.refused(state, why) }) }),
    ...when(corsAllowedOrigins.length > 0 && corsAllowedOrigins, cors),
    ...when(filterDurations, () => beginFilterTimes),
    ...timed(
      'authentication',
      authenticate({
        authenticator,
        log,
        ...options.authentication,
        ...(auditing && { onRefusal: (state) => auditing.unauthenticated(state) }),
      }),
    ),
    ...(auditing === undefined ? [] : timed('audit', auditing.filter)),
    ...timed('impersonation', impersonate({ authorizer, log })),
    ...timed('priorityandfairness', options.limiter.filter),
    ...timed('authorization', authorize({ authorizer, log, ...options.authorization })),
    options.dispatch,
  ];
}

function when<T>(setting: T | false | undefined, filter: (setting: T) => Filter): Filter[] {
  return setting === undefined || setting === false ? [] : [filter(setting)];
}
