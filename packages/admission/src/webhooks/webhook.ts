import type { AdmissionAttributes, ServedVersion } from '@keelson/machinery';
import type { admissionregistration } from '@keelson/schema';
import type { NamespaceLabels } from '../matching/namespace-labels.js';
import { RequestMatcher } from '../matching/request-matcher.js';
import type { CircuitBreaker } from './circuit-breaker.js';
import type { ReviewVersion } from './review-request.js';
import type { ReviewedObjects } from './reviewed-objects.js';
import type { WebhookClient } from './webhook-client.js';
import { type ConditionsHost, WebhookConditions } from './webhook-conditions.js';

/** A mutating webhook, or a validating one, which says less. */
export type WebhookSpec = admissionregistration.v1.MutatingWebhook;

/** What compiled webhooks are made with. */
export interface WebhookParts {
  readonly namespaces: NamespaceLabels;
  readonly conditions: ConditionsHost;
  /** Throws when nobody could be asked so. */
  client(config: WebhookSpec['clientConfig']): WebhookClient;
  /** Undefined: however often it fails, it is asked again. */
  breaker(): CircuitBreaker | undefined;
}

const REVIEW_VERSIONS: readonly string[] = ['v1', 'v1beta1'] satisfies ReviewVersion[];
const DEFAULT_TIMEOUT_SECONDS = 10;

/** A webhook of a configuration, compiled. */
export class Webhook {
  readonly name: string;
  /** Whether a request goes on as if there were no webhook when it cannot be asked. */
  readonly ignorable: boolean;
  /** Whether it wants to see again what others have changed after it. */
  readonly reinvocable: boolean;
  /** Whether a dry run may ask it. */
  readonly safeOnDryRun: boolean;
  readonly timeoutMs: number;
  /** The first one of its versions that can be sent. */
  readonly reviewVersion: ReviewVersion | undefined;
  readonly breaker: CircuitBreaker | undefined;
  readonly #conditions: WebhookConditions | undefined;
  readonly #matcher: RequestMatcher;
  readonly #makeClient: () => WebhookClient;
  #client: WebhookClient | undefined;

  constructor(
    spec: WebhookSpec,
    /** Name of its configuration. */
    readonly configuration: string,
    parts: WebhookParts,
  ) {
    const {
      name,
      rules = [],
      matchPolicy,
      namespaceSelector,
      objectSelector,
      sideEffects,
      timeoutSeconds = DEFAULT_TIMEOUT_SECONDS,
    } = spec;
    this.name = name;
    this.ignorable = spec.failurePolicy === 'Ignore';
    this.reinvocable = spec.reinvocationPolicy === 'IfNeeded';
    this.safeOnDryRun = sideEffects === 'None' || sideEffects === 'NoneOnDryRun';
    this.timeoutMs = timeoutSeconds * 1000;
    this.reviewVersion = spec.admissionReviewVersions?.find((version) => REVIEW_VERSIONS.includes(version)) as ReviewVersion | undefined;
    this.breaker = this.ignorable ? parts.breaker() : undefined;
    const { matchConditions = [] } = spec;
    this.#conditions =
      matchConditions.length === 0 ? undefined : new WebhookConditions(matchConditions, name, this.ignorable, parts.conditions);
    this.#matcher = new RequestMatcher({ rules, matchPolicy, namespaceSelector, objectSelector }, parts.namespaces);
    this.#makeClient = () => parts.client(spec.clientConfig);
  }

  /** Throws when it cannot be asked at all. */
  get client(): WebhookClient {
    this.#client ??= this.#makeClient();
    return this.#client;
  }

  /** Whether its rules are about such requests. */
  concerns(attributes: AdmissionAttributes): boolean {
    return this.#matcher.matchRules(attributes) !== undefined;
  }

  /** The version in which it is to see the request's objects; undefined when it is not to see them. */
  async match(attributes: AdmissionAttributes, objects: ReviewedObjects): Promise<ServedVersion | undefined> {
    const version = await this.#matcher.match(attributes);
    if (version === undefined || this.#conditions === undefined) return version;
    return (await this.#conditions.hold(attributes, version, objects)) ? version : undefined;
  }
}
