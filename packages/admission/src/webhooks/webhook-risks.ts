import { type AdmissionAttributes, ApiError, type ServedVersion } from '@keelson/machinery';
import type { MatchedRequest } from '../matching/matched-request.js';
import type { NamespaceLabels } from '../matching/namespace-labels.js';
import { RequestMatcher } from '../matching/request-matcher.js';
import type { WebhookSpec } from './webhook.js';
import { isExempt, type WebhookConfiguration } from './webhook-index.js';

const leases = version('coordination.k8s.io', 'Lease', 'leases');
const pods = version('', 'Pod', 'pods');
/** Where nodes, and the leaders of controllers, show that they are alive. */
const LEASE_NAMESPACES = ['kube-node-lease', 'kube-system'];
const HOW_TO_EXCLUDE = 'exclude them by its rules or, with the label kubernetes.io/metadata.name, by its namespaceSelector';

/** Warns who writes a configuration of what its webhooks may stop while they do not answer. */
export class RiskWarnings {
  readonly #kind: string;
  readonly #namespaces: NamespaceLabels;

  /** `kind`: of the configurations. */
  constructor(kind: string, namespaces: NamespaceLabels) {
    this.#kind = kind;
    this.#namespaces = namespaces;
  }

  /** Undefined when there is nothing to wait for. */
  check(attributes: AdmissionAttributes): Promise<void> | undefined {
    const { kind, object } = attributes;
    return kind.kind === this.#kind && isExempt(kind) && object !== undefined ? this.#warn(attributes, object) : undefined;
  }

  async #warn(attributes: AdmissionAttributes, configuration: WebhookConfiguration): Promise<void> {
    for (const risk of await risksOf(configuration, this.#namespaces)) attributes.warn(risk);
  }
}

async function risksOf({ webhooks = [] }: WebhookConfiguration, namespaces: NamespaceLabels): Promise<string[]> {
  const risks: string[] = [];
  for (const webhook of webhooks) {
    const concerned = await concernedRequests(webhook, namespaces);
    risks.push(...concerned.map((what) => `webhook ${JSON.stringify(webhook.name)} ${what}: ${HOW_TO_EXCLUDE}`));
  }
  return risks;
}

async function concernedRequests(webhook: WebhookSpec, namespaces: NamespaceLabels): Promise<string[]> {
  const { rules = [], matchPolicy, namespaceSelector, objectSelector } = webhook;
  const matcher = new RequestMatcher({ rules, matchPolicy, namespaceSelector, objectSelector }, namespaces);
  const found: string[] = [];
  const among = await filter(LEASE_NAMESPACES, (namespace) => matches(matcher, request(leases, 'UPDATE', namespace)));
  if (among.length > 0) found.push(`is asked about leases in ${among.join(' and ')}, by which ${consequence(webhook)}`);
  const own = webhook.clientConfig.service?.namespace;
  if (own !== undefined && webhook.failurePolicy !== 'Ignore' && (await matches(matcher, request(pods, 'CREATE', own))))
    found.push(`is asked about pods in ${own}, where its own service is, and keeps them from starting while it is not running`);
  return found;
}

/** Who is ignored when it fails still makes others wait. */
function consequence({ failurePolicy, timeoutSeconds }: WebhookSpec): string {
  return failurePolicy === 'Ignore'
    ? `nodes and leaders are late to show that they are alive, by its timeout of ${timeoutSeconds}s, while it does not answer`
    : 'nodes and leaders cannot show that they are alive while it does not answer';
}

async function filter<T>(items: readonly T[], keep: (item: T) => Promise<boolean>): Promise<T[]> {
  const kept = await Promise.all(items.map(keep));
  return items.filter((_, at) => kept[at]);
}

/** In a namespace that is not there nothing is done. */
async function matches(matcher: RequestMatcher, of: MatchedRequest): Promise<boolean> {
  try {
    return (await matcher.match(of)) !== undefined;
  } catch (error) {
    if (error instanceof ApiError) return false;
    throw error;
  }
}

/** About an object without labels. */
function request(served: ServedVersion, operation: MatchedRequest['operation'], namespace: string): MatchedRequest {
  const object = { metadata: { namespace } };
  return { served, operation, namespace, name: '', resource: served.resource, subresource: '', object, oldObject: object };
}

function version(group: string, kind: string, resource: string): ServedVersion {
  return {
    resource: { group, version: 'v1', resource },
    subresource: '',
    kind: { group, version: 'v1', kind },
    equivalents: [],
    labels: ({ metadata }) => metadata.labels,
    view: (object) => object,
    update: () => undefined,
    merge: (view) => view,
  };
}
