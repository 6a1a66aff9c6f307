import { aggregate } from '@keelson/machinery';
import { readConfiguration } from '@keelson/schema';
import { type AuthorizerConfiguration, type AuthorizerType, nameOfType, type WebhookConfiguration } from './authorizer-configuration.js';
import { validateAuthorizers } from './validate-authorizers.js';
import { authorizationConfiguration, type WrittenAuthorizer, type WrittenWebhook } from './written-authorizer.js';

const MINUTE = 60_000_000_000n;
const SECOND = 1_000_000_000n;
const NANOS_PER_MS = 1_000_000;

/**
 * Reads an AuthorizationConfiguration (KEP-3221). Types in `required` must be there, as they were when the server started.
 * Throws with everything that is wrong, in Kubernetes' words.
 */
export function readAuthorizationConfiguration(
  content: string,
  required: ReadonlySet<AuthorizerType> = new Set(),
): AuthorizerConfiguration[] {
  const authorizers = (readAuthorizers(content) ?? []).map(withDefaults);
  throwIfAny(validateAuthorizers(authorizers).map(String));
  throwIfAny([...misnamed(authorizers), ...missing(authorizers, required)]);
  return authorizers.map(checked);
}

function readAuthorizers(content: string): readonly WrittenAuthorizer[] | undefined {
  if (content === '') return [];
  try {
    return readConfiguration(content, authorizationConfiguration).value.authorizers;
  } catch (error) {
    const why = error instanceof Error ? error.message : error;
    throw new Error(`failed to load AuthorizationConfiguration from file: ${why}`, { cause: error });
  }
}

function withDefaults(authorizer: WrittenAuthorizer): WrittenAuthorizer {
  if (authorizer.webhook === undefined) return authorizer;
  const { authorizedTTL, unauthorizedTTL, ...rest } = authorizer.webhook;
  const ttls = { authorizedTTL: authorizedTTL || 5n * MINUTE, unauthorizedTTL: unauthorizedTTL || 30n * SECOND };
  return { ...authorizer, webhook: { ...rest, ...ttls } };
}

function misnamed(authorizers: readonly WrittenAuthorizer[]): string[] {
  return authorizers.flatMap(({ type, name }) => {
    const expected = nameOfType(type as AuthorizerType);
    return type === 'Webhook' || name === expected ? [] : `expected name ${expected} for authorizer ${type} instead of ${name}`;
  });
}

function missing(authorizers: readonly WrittenAuthorizer[], required: ReadonlySet<AuthorizerType>): string[] {
  const types = [...required].filter((type) => !authorizers.some((authorizer) => authorizer.type === type)).sort();
  return types.length === 0 ? [] : [`missing required types: [${types.join(' ')}]`];
}

function throwIfAny(problems: readonly string[]): void {
  if (problems.length > 0) throw new Error(aggregate(problems));
}

/** What was found to be right, as it is used. */
function checked({ type, name = '', webhook: written }: WrittenAuthorizer): AuthorizerConfiguration {
  return { type: type as AuthorizerType, name, ...(written && { webhook: checkedWebhook(written) }) };
}

function checkedWebhook(written: WrittenWebhook): WebhookConfiguration {
  const { cacheAuthorizedRequests = true, cacheUnauthorizedRequests = true, connectionInfo, matchConditions = [] } = written;
  return {
    kubeConfigFile: connectionInfo?.kubeConfigFile ?? '',
    reviewVersion: written.subjectAccessReviewVersion === 'v1' ? 'v1' : 'v1beta1',
    timeoutMs: milliseconds(written.timeout),
    authorizedTtlMs: cacheAuthorizedRequests ? milliseconds(written.authorizedTTL) : 0,
    unauthorizedTtlMs: cacheUnauthorizedRequests ? milliseconds(written.unauthorizedTTL) : 0,
    onFailure: written.failurePolicy === 'Deny' ? 'deny' : 'noOpinion',
    matchConditions: matchConditions.map(({ expression = '' }) => expression),
  };
}

function milliseconds(nanos = 0n): number {
  return Number(nanos) / NANOS_PER_MS;
}
