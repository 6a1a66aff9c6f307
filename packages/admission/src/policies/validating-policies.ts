import {
  type AdmissionAttributes,
  type AdmissionPlugin,
  ApiError,
  type Authorizer,
  type ObjectReader,
  type StatusReason,
} from '@keelson/machinery';
import { type admissionregistration, formatJson } from '@keelson/schema';
import type { PluginHost } from '../plugin-host.js';
import { refusedWrite } from '../refused-write.js';
import type { Binding } from './binding.js';
import { type EvaluableInvocation, type Invocation, invocationsOf } from './invocations.js';
import type { Policy } from './policy.js';
import { PolicyAnnotations } from './policy-annotations.js';
import { type BoundPolicy, PolicyIndex } from './policy-index.js';
import { PolicyParameters } from './policy-parameters.js';
import { PolicyRequest } from './policy-request.js';
import { type Failure, ValidationRules } from './validation-rules.js';

type PolicySpec = admissionregistration.v1.ValidatingAdmissionPolicySpec;
type BindingSpec = admissionregistration.v1.ValidatingAdmissionPolicyBindingSpec;
type ValidatingPolicy = Policy<PolicySpec, ValidationRules>;
type ValidatingBinding = Binding<BindingSpec>;

const NAMESPACES = { group: '', version: 'v1', resource: 'namespaces' };
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

/** Has policies judge what is written: objects whose rules are expressions (KEP-3488). */
export class ValidatingPolicies implements AdmissionPlugin {
  readonly name = 'ValidatingAdmissionPolicy';
  readonly #index: PolicyIndex<PolicySpec, BindingSpec, ValidationRules>;
  readonly #parameters: PolicyParameters;
  readonly #authorizer: Authorizer;
  readonly #namespaces: ObjectReader;

  constructor({ objects, authorizer }: Pick<PluginHost, 'objects' | 'authorizer'>) {
    this.#index = new PolicyIndex(objects, {
      version: 'v1',
      policies: 'validatingadmissionpolicies',
      bindings: 'validatingadmissionpolicybindings',
      compile: (spec: PolicySpec) => new ValidationRules(spec),
    });
    this.#parameters = new PolicyParameters(objects);
    this.#authorizer = authorizer;
    this.#namespaces = objects.reader(NAMESPACES);
  }

  handles(): boolean {
    return true;
  }

  validate(attributes: AdmissionAttributes): Promise<void> | undefined {
    const concerned = this.#index.concerned(attributes);
    return concerned.length === 0 ? undefined : this.#judge(attributes, concerned);
  }

  async #judge(attributes: AdmissionAttributes, concerned: readonly BoundPolicy<ValidatingPolicy, ValidatingBinding>[]): Promise<void> {
    const request = new PolicyRequest(attributes, this.#authorizer, this.#namespaces);
    const annotations = new PolicyAnnotations();
    const denials: Denial[] = [];
    for await (const invocation of invocationsOf(attributes, concerned, this.#parameters))
      denials.push(...(await denialsOf(invocation, attributes, request, annotations)));
    annotations.publish(attributes);
    // The first one is told.
    if (denials.length > 0) throw refusal(attributes, denials[0] as Denial);
  }
}

async function denialsOf(
  invocation: Invocation<ValidatingPolicy, ValidatingBinding>,
  attributes: AdmissionAttributes,
  request: PolicyRequest,
  annotations: PolicyAnnotations,
): Promise<Denial[]> {
  const { policy, binding } = invocation;
  const denial = (message: string, reason: StatusReason = 'Invalid') => ({ policy: policy.name, binding: binding?.name, message, reason });
  if (invocation.problem !== undefined) return policy.ignorable ? [] : [denial(invocation.problem)];
  const denials: Denial[] = [];
  for (const params of invocation.params) {
    const { failures, ...annotated } = await policy.rules.judge(request.at(invocation.version, params));
    for (const failure of failures) if (isDenied(failure, invocation, attributes)) denials.push(denial(failure.message, failure.reason));
    for (const { key, value } of annotated.annotations) annotations.add(`${policy.name}/${key}`, value);
    denials.push(...annotated.annotationErrors.map((error) => denial(error)));
  }
  return denials;
}

/** Does what the binding says of failures. Whether the request is to be refused. */
function isDenied(
  failure: Failure,
  { policy, binding }: EvaluableInvocation<ValidatingPolicy, ValidatingBinding>,
  attributes: AdmissionAttributes,
): boolean {
  const actions = binding.spec.validationActions ?? [];
  if (actions.includes('Audit')) attributes.annotate(FAILURE_ANNOTATION, failureText(failure, policy, binding));
  if (actions.includes('Warn')) {
    const of = `ValidatingAdmissionPolicy '${policy.name}' with binding '${binding.name}'`;
    attributes.warn(`Validation failed for ${of}: ${failure.message}`);
  }
  return actions.includes('Deny');
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
