import type { AdmissionAttributes } from '@keelson/machinery';
import { CounterFamily } from '../registry/family.js';
import type { MetricsRegistry } from '../registry/metrics-registry.js';

const REQUEST = ['request_operation', 'resource', 'subresource'];

/** What the Pod Security Standards did to requests. */
export class PodSecurityMetrics {
  readonly #evaluations: CounterFamily;
  readonly #exemptions: CounterFamily;
  readonly #errors: CounterFamily;

  constructor(registry: MetricsRegistry) {
    this.#errors = registry.add(
      new CounterFamily(
        'pod_security_errors_total',
        '[ALPHA] Errors that kept a standard from being applied; where they are not fatal, the strictest one took its place.',
        ['fatal', ...REQUEST],
      ),
    );
    this.#evaluations = registry.add(
      new CounterFamily(
        'pod_security_evaluations_total',
        '[ALPHA] Times that a standard was applied; requests that are exempt or of no concern do not count.',
        ['decision', 'policy_level', 'policy_version', 'mode', ...REQUEST],
      ),
    );
    this.#exemptions = registry.add(
      new CounterFamily('pod_security_exemptions_total', '[ALPHA] Requests that no standard was applied to, for they are exempt.', REQUEST),
    );
    this.#showFromTheStart();
  }

  evaluated(request: AdmissionAttributes, allowed: boolean, mode: string, level: string, version: string): void {
    this.#evaluations.child(allowed ? 'allow' : 'deny', level, version, mode, ...labelsOf(request)).add();
  }

  exempted(request: AdmissionAttributes): void {
    this.#exemptions.child(...labelsOf(request)).add();
  }

  failed(request: AdmissionAttributes, fatal: boolean): void {
    this.#errors.child(String(fatal), ...labelsOf(request)).add();
  }

  /** The series that Kubernetes shows before anything happened. */
  #showFromTheStart(): void {
    for (const operation of ['create', 'update']) {
      this.#evaluations.child('allow', 'privileged', 'latest', 'enforce', operation, 'pod', '');
      for (const resource of ['pod', 'controller']) this.#exemptions.child(operation, resource, '');
    }
  }
}

/** Whatever has a template for pods is a controller. */
function labelsOf({ operation, resource, subresource }: AdmissionAttributes): string[] {
  return [operation.toLowerCase(), resource.group === '' && resource.resource === 'pods' ? 'pod' : 'controller', subresource];
}
