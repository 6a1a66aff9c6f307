import { WebhookClient, type WebhookCredentials } from '@keelson/admission';
import {
  formatGroupVersion,
  formatJson,
  type GroupVersionKind,
  type JsonObject,
  type KubeObject,
  newUid,
  plainFailure,
  type ServiceResolver,
} from '@keelson/machinery';
import { type apiextensions, jsonKind, parseJson } from '@keelson/schema';

type WebhookConversion = apiextensions.v1.WebhookConversion;

/** What every webhook is reached with. */
export interface ConversionHost {
  readonly services: ServiceResolver;
  readonly credentials: WebhookCredentials;
}

const TIMEOUT_MS = 30_000;
const REVIEW_VERSIONS = ['v1', 'v1beta1'];
/** Nobody gives up a conversion that several may wait for. */
const NEVER = new AbortController().signal;

/** Converts objects between versions by asking the webhook of their definition. */
export class ConversionWebhook {
  readonly #client: WebhookClient;
  readonly #reviewVersion: string;

  constructor({ clientConfig, conversionReviewVersions }: WebhookConversion, { services, credentials }: ConversionHost) {
    const known = conversionReviewVersions?.find((version) => REVIEW_VERSIONS.includes(version));
    if (known === undefined) throw new Error('no supported conversion review version');
    this.#reviewVersion = known;
    this.#client = new WebhookClient(clientConfig ?? {}, services, credentials);
  }

  /** All at once, in their order. Rejects in the words of Kubernetes when any of them cannot be had. */
  async convert(objects: readonly KubeObject[], desired: GroupVersionKind): Promise<KubeObject[]> {
    const [first] = objects;
    if (first === undefined) return [];
    const about = `conversion webhook for ${first.apiVersion}, Kind=${first.kind}`;
    const desiredAPIVersion = formatGroupVersion(desired);
    let converted: readonly JsonObject[];
    try {
      converted = await this.#ask(objects, desiredAPIVersion);
    } catch (error) {
      throw plainFailure(`${about} failed: ${error instanceof Error ? error.message : String(error)}`);
    }
    if (converted.length !== objects.length)
      throw plainFailure(`${about} returned ${converted.length} objects, expected ${objects.length}`);
    return converted.map((one, i) => {
      const problem = problemOf(one, desiredAPIVersion, objects[i] as KubeObject);
      if (problem !== undefined) throw plainFailure(`${about} returned invalid converted object at index ${i}: ${problem}`);
      return restored(one as unknown as KubeObject, objects[i] as KubeObject);
    });
  }

  async #ask(objects: readonly KubeObject[], desiredAPIVersion: string): Promise<readonly JsonObject[]> {
    const uid = newUid();
    const apiVersion = `apiextensions.k8s.io/${this.#reviewVersion}`;
    const body = formatJson({ kind: 'ConversionReview', apiVersion, request: { uid, desiredAPIVersion, objects } });
    const answer = await this.#client.send({ body, timeoutMs: TIMEOUT_MS, signal: NEVER });
    if (answer.code < 200 || answer.code > 299) throw new Error(answer.body.toString().trim() || `the server answered ${answer.code}`);
    return convertedObjects(parseJson(answer.body.toString()) as JsonObject, apiVersion, uid);
  }
}

function convertedObjects(review: JsonObject, apiVersion: string, uid: string): readonly JsonObject[] {
  if (review.kind !== 'ConversionReview' || review.apiVersion !== apiVersion)
    throw new Error(`expected webhook response of ${apiVersion}, Kind=ConversionReview, got ${review.apiVersion}, Kind=${review.kind}`);
  const response = (review.response ?? {}) as JsonObject;
  // v1beta1 did not ask for it.
  if (apiVersion.endsWith('/v1') && response.uid !== uid) throw new Error(`expected response.uid="${uid}", got "${response.uid ?? ''}"`);
  const result = (response.result ?? {}) as JsonObject;
  if (result.status !== 'Success')
    throw new Error(String(result.message || `response.result.status was '${result.status ?? ''}', not 'Success'`));
  return Array.isArray(response.convertedObjects) ? (response.convertedObjects as JsonObject[]) : [];
}

function problemOf(converted: JsonObject, desired: string, original: KubeObject): string | undefined {
  if (jsonKind(converted) !== 'object') return 'invalid type';
  if (converted.apiVersion !== desired) return `invalid groupVersion (expected ${desired}, received ${converted.apiVersion ?? ''})`;
  if (converted.kind !== original.kind) return `invalid kind (expected ${original.kind}, received ${converted.kind ?? ''})`;
  const { metadata } = converted as unknown as KubeObject;
  if (jsonKind(metadata) !== 'object') return 'invalid metadata';
  if (metadata.uid !== original.metadata.uid) return `invalid metadata: uid must not be changed`;
  if (metadata.name !== original.metadata.name) return 'invalid metadata: name must not be changed';
  if ((metadata.namespace ?? '') !== (original.metadata.namespace ?? '')) return 'invalid metadata: namespace must not be changed';
  return undefined;
}

/** Of metadata a webhook may change labels and annotations alone. */
function restored(converted: KubeObject, original: KubeObject): KubeObject {
  const { labels, annotations } = converted.metadata;
  const { labels: _labels, annotations: _annotations, ...kept } = original.metadata;
  return { ...converted, metadata: { ...kept, ...(labels && { labels }), ...(annotations && { annotations }) } };
}
