import { type AdmissionAttributes, type AdmissionPlugin, ApiError, formatJson, type StatusReason } from '@keelson/machinery';
import type { admissionregistration } from '@keelson/schema';
import type { PluginHost } from '../plugin-host.js';
import { refusedWrite } from '../refused-write.js';
import type { Binding } from './binding.js';
import { BoundPolicies } from './bound-policies.js';
import type { EvaluableInvocation, Invocation } from './invocations.js';
import type { Policy } from './policy.js';
import { PolicyAnnotations } from './policy-annotations.js';
import { errorTypeOf, type PolicyEvents } from './policy-events.js';
import type { BoundPolicy } from './policy-index.js';
import type { PolicyRequest } from './policy-request.js';
import { type Failure, ValidationRules } from './validation-rules.js';

type PolicySpec = admissionregistration.v1.ValidatingAdmissionPolicySpec;
type BindingSpec = admissionregistration.v1.ValidatingAdmissionPolicyBindingSpec;
type ValidatingPolicy = Policy<PolicySpec, ValidationRules>;
type ValidatingBinding = Binding<BindingSpec>;

const FAILURE_ANNOTATION = 'validation.policy.admission.k8s.io/validation_failure';

const CODES: Partial<Record<StatusReason, number>> = { Unauthorized: 401, Forbidden: 403, RequestEntityTooLarge: 413 };
const INVALID = 422;

/** Why a request is refused. */
interface Denial {
  readonly policy: string;
  readonly binding: string | undefined;
  readonly message: string;
  readonly reason: StatusReason;
}

/** A request on its way through the policies. */
interface Passage {
  readonly attributes: AdmissionAttributes;
  readonly request: PolicyRequest;
  readonly annotations: PolicyAnnotations;
}

/** Has policies judge what is written: objects whose rules are expressions (KEP-3488). */
export class ValidatingPolicies implements AdmissionPlugin {
  readonly name = 'ValidatingAdmissionPolicy';
  readonly #policies: BoundPolicies<PolicySpec, BindingSpec, ValidationRules>;
  readonly #events: PolicyEvents;

  constructor(host: Pick<PluginHost, 'objects' | 'authorizer' | 'policyEvents'>) {
    this.#policies = new BoundPolicies(host, {
      version: 'v1',
      policies: 'validatingadmissionpolicies',
      bindings: 'validatingadmissionpolicybindings',
      compile: (spec: PolicySpec) => new ValidationRules(spec),
    });
    this.#events = host.policyEvents;
  }

  handles(): boolean {
    return true;
  }

  validate(attributes: AdmissionAttributes): Promise<void> | undefined {
    const concerned = this.#policies.concerned(attributes);
    return concerned.length === 0 ? undefined : this.#judge(attributes, concerned);
  }

  async #judge(attributes: AdmissionAttributes, concerned: readonly BoundPolicy<ValidatingPolicy, ValidatingBinding>[]): Promise<void> {
    const passage = { attributes, request: this.#policies.request(attributes), annotations: new PolicyAnnotations() };
    const denials: Denial[] = [];
    for await (const invocation of this.#policies.invocations(attributes, concerned))
      denials.push(...(await this.#denials(passage, invocation)));
    passage.annotations.publish(attributes);
    // The first one is told.
    if (denials.length > 0) throw refusal(attributes, denials[0] as Denial);
  }

  async #denials(passage: Passage, invocation: Invocation<ValidatingPolicy, ValidatingBinding>): Promise<Denial[]> {
    const { policy, binding } = invocation;
    const denial = ({ message, reason }: Pick<Failure, 'message' | 'reason'>) => ({
      policy: policy.name,
      binding: binding?.name,
      message,
      reason,
    });
    if (invocation.problem !== undefined) return policy.ignorable ? [] : [denial({ message: invocation.problem, reason: 'Invalid' })];
    const denials: Denial[] = [];
    for (const params of invocation.params) {
      const { failures, annotations, annotationFailures } = await policy.rules.judge(passage.request.at(invocation.version, params));
      denials.push(...failures.filter((failure) => this.#isDenied(failure, invocation, passage.attributes)).map(denial));
      for (const { key, value } of annotations) passage.annotations.add(`${policy.name}/${key}`, value);
      for (const failure of annotationFailures) this.#count(failure, invocation, 'deny');
      denials.push(...annotationFailures.map(denial));
    }
    return denials;
  }

  /** Does what the binding says of a failure. Whether the request is to be refused. */
  #isDenied(
    failure: Failure,
    invocation: EvaluableInvocation<ValidatingPolicy, ValidatingBinding>,
    attributes: AdmissionAttributes,
  ): boolean {
    const { policy, binding } = invocation;
    if (failure.ignored) {
      this.#count(failure, invocation, 'allow');
      return false;
    }
    const actions = binding.spec.validationActions ?? [];
    for (const action of actions) this.#count(failure, invocation, action.toLowerCase() as 'deny' | 'audit' | 'warn');
    if (actions.includes('Audit')) attributes.annotate(FAILURE_ANNOTATION, failureText(failure, policy, binding));
    if (actions.includes('Warn')) {
      const of = `ValidatingAdmissionPolicy '${policy.name}' with binding '${binding.name}'`;
      attributes.warn(`Validation failed for ${of}: ${failure.message}`);
    }
    return actions.includes('Deny');
  }

  #count(
    { message, durationMs }: Failure,
    { policy, binding }: EvaluableInvocation<ValidatingPolicy, ValidatingBinding>,
    action: 'allow' | 'deny' | 'audit' | 'warn',
  ): void {
    this.#events.validated(policy.name, binding.name, errorTypeOf(message), action, durationMs);
  }
}

function failureText({ index, message }: Failure, policy: ValidatingPolicy, binding: ValidatingBinding): string {
  const { validationActions } = binding.spec;
  return formatJson([{ message, policy: policy.name, binding: binding.name, expressionIndex: index, validationActions }]);
}

function refusal(attributes: AdmissionAttributes, { policy, binding, message, reason }: Denial): ApiError {
  const by = binding === undefined ? `'${policy}'` : `'${policy}' with binding '${binding}'`;
  const told = `ValidatingAdmissionPolicy ${by} denied request: ${message}`;
  const { status } = refusedWrite(attributes, told);
  return new ApiError(CODES[reason] ?? INVALID, reason, status.message ?? '', { ...status.details, causes: [{ message: told }] });
}
