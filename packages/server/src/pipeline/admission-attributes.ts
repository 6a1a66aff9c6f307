import type { AdmissionAttributes, JsonObject, KubeObject, ServedVersion, UserInfo } from '@keelson/machinery';
import type { MutationAttributes } from './admission.js';
import { servedVersion } from './served-version.js';
import type { WriteRequest } from './write-request.js';

type Operation = AdmissionAttributes['operation'];

/** What admission plugins are told of a write; `object` is the one they may change. */
export function admissionAttributes(
  request: WriteRequest,
  operation: Operation,
  object: KubeObject | undefined,
  oldObject: KubeObject | undefined,
): MutationAttributes {
  return new RequestAttributes(request, operation, object, oldObject);
}

class RequestAttributes implements MutationAttributes {
  readonly served: ServedVersion;
  round = 0;
  readonly #request: WriteRequest;
  #reinvoked = false;

  constructor(
    request: WriteRequest,
    readonly operation: Operation,
    readonly object: KubeObject | undefined,
    readonly oldObject: KubeObject | undefined,
  ) {
    this.#request = request;
    this.served = servedVersion(request.version, request.subresource);
  }

  get kind() {
    return this.served.kind;
  }

  get resource() {
    return this.served.resource;
  }

  get subresource(): string {
    return this.served.subresource;
  }

  get namespace(): string {
    const { group, resource } = this.resource;
    return this.#request.namespace || (group === '' && resource === 'namespaces' ? this.name : '');
  }

  get name(): string {
    return this.#request.name || this.object?.metadata.name || '';
  }

  get user(): UserInfo {
    return this.#request.user;
  }

  get dryRun(): boolean {
    return this.#request.context.dryRun;
  }

  get options(): JsonObject {
    return optionsOf(this.#request.options, this.operation);
  }

  get signal(): AbortSignal {
    return this.#request.signal;
  }

  get deadlineAtMs(): number {
    return this.#request.deadlineAtMs;
  }

  warn(text: string): void {
    this.#request.context.warn(text);
  }

  annotate(key: string, value: string, level?: 'Metadata' | 'Request'): void {
    this.#request.context.annotate(key, value, level);
  }

  reinvoke(): void {
    this.#reinvoked = true;
  }

  nextRound(): boolean {
    if (this.round > 0 || !this.#reinvoked) return false;
    this.round++;
    return true;
  }
}

/** Those of the operation: an update may create, and a patch is an update or a create to plugins. */
function optionsOf(options: JsonObject, operation: Operation): JsonObject {
  if (operation === 'CONNECT') return {};
  const { force: _force, ...rest } = options;
  const kind = `${operation.charAt(0)}${operation.slice(1).toLowerCase()}Options`;
  return { ...rest, kind, apiVersion: 'meta.k8s.io/v1' };
}
