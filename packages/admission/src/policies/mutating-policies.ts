import {
  type AdmissionAttributes,
  type AdmissionPlugin,
  ApiError,
  internalError,
  type JsonObject,
  jsonEqual,
  type KubeObject,
  type ServedVersion,
  type StatusReason,
} from '@keelson/machinery';
import { type admissionregistration, DecodeError } from '@keelson/schema';
import type { PluginHost } from '../plugin-host.js';
import { refusedWrite } from '../refused-write.js';
import { type Reinvocation, Reinvocations } from '../reinvocation.js';
import type { Binding } from './binding.js';
import { BoundPolicies } from './bound-policies.js';
import type { EvaluableInvocation } from './invocations.js';
import { type Mutation, MutationRules } from './mutation-rules.js';
import type { Policy } from './policy.js';
import { errorTypeOf, type PolicyErrorType, type PolicyEvents } from './policy-events.js';
import type { BoundPolicy } from './policy-index.js';
import { PolicyProblem } from './policy-problem.js';
import type { PolicyInput, PolicyRequest } from './policy-request.js';

type PolicySpec = admissionregistration.v1beta1.MutatingAdmissionPolicySpec;
type BindingSpec = admissionregistration.v1beta1.MutatingAdmissionPolicyBindingSpec;
type MutatingPolicy = Policy<PolicySpec, MutationRules>;
type MutatingBinding = Binding<BindingSpec>;
type Evaluable = EvaluableInvocation<MutatingPolicy, MutatingBinding>;

/** Why a request is refused. */
interface Denial {
  readonly message: string;
  readonly reason: StatusReason;
}

/** A request on its way through the policies. */
interface Passage {
  readonly attributes: AdmissionAttributes;
  readonly request: PolicyRequest;
  /** By policy, binding and parameter. */
  readonly reinvocation: Reinvocation<string>;
  readonly events: PolicyEvents;
}

/** Has policies change what is written, one after another: objects whose mutations are expressions (KEP-3962). */
export class MutatingPolicies implements AdmissionPlugin {
  readonly name = 'MutatingAdmissionPolicy';
  readonly #policies: BoundPolicies<PolicySpec, BindingSpec, MutationRules>;
  readonly #events: PolicyEvents;
  readonly #reinvocations = new Reinvocations<string>();

  constructor(host: Pick<PluginHost, 'objects' | 'authorizer' | 'policyEvents'>) {
    this.#policies = new BoundPolicies(host, {
      version: 'v1beta1',
      policies: 'mutatingadmissionpolicies',
      bindings: 'mutatingadmissionpolicybindings',
      compile: (spec: PolicySpec) => new MutationRules(spec),
    });
    this.#events = host.policyEvents;
  }

  handles(operation: AdmissionAttributes['operation']): boolean {
    return operation !== 'DELETE';
  }

  admit(attributes: AdmissionAttributes): Promise<void> | undefined {
    const concerned = this.#policies.concerned(attributes);
    return concerned.length === 0 ? undefined : this.#mutate(attributes, concerned);
  }

  async #mutate(attributes: AdmissionAttributes, concerned: readonly BoundPolicy<MutatingPolicy, MutatingBinding>[]): Promise<void> {
    const reinvocation = this.#reinvocations.of(attributes);
    const passage = { attributes, request: this.#policies.request(attributes), reinvocation, events: this.#events };
    const denials: Denial[] = [];
    for await (const invocation of this.#policies.invocations(attributes, concerned)) {
      const { policy, binding } = invocation;
      const by = binding === undefined ? JSON.stringify(policy.name) : `'${policy.name}' with binding '${binding.name}'`;
      const denial = (problem: string, reason: StatusReason) => ({ message: `policy ${by} denied request: ${problem}`, reason });
      const found =
        invocation.problem === undefined
          ? (await problemsOf(passage, invocation)).map((problem) => denial(problem, 'Invalid'))
          : [denial(invocation.problem, 'Forbidden')];
      if (!policy.ignorable) denials.push(...found);
    }
    reinvocation.leave(attributes.object);
    if (denials.length > 0) throw refusal(attributes, denials);
  }
}

/** Has a policy change the object, once for each parameter. What went wrong. */
async function problemsOf(passage: Passage, invocation: Evaluable): Promise<string[]> {
  const problems: string[] = [];
  for (const params of invocation.params) {
    try {
      problems.push(...(await mutate(passage, invocation, params)));
    } catch (error) {
      if (!(error instanceof PolicyProblem)) throw error;
      problems.push(error.message);
    }
  }
  return problems;
}

/** What went wrong with single mutations: the others are made. */
async function mutate(passage: Passage, invocation: Evaluable, params: KubeObject | undefined): Promise<string[]> {
  const { attributes, request, reinvocation } = passage;
  const { policy, binding, version } = invocation;
  const input = request.at(version, params);
  if (!(await policy.rules.matches(input))) return [];
  const key = JSON.stringify([policy.name, binding.name, params?.metadata.namespace, params?.metadata.name]);
  if (attributes.round > 0 && !reinvocation.includes(key)) return [];
  const problems: string[] = [];
  const before = request.objects.view(version);
  for (const mutation of policy.rules.mutations) problems.push(...(await make(passage, invocation, mutation, input)));
  if (!jsonEqual(before as unknown as JsonObject, request.objects.view(version) as unknown as JsonObject)) {
    reinvocation.changed();
    attributes.reinvoke();
  }
  reinvocation.seen(key, policy.rules);
  return problems;
}

async function make(
  { attributes: { object }, request, events }: Passage,
  { policy, binding, version }: Evaluable,
  mutation: Mutation,
  input: PolicyInput,
): Promise<string[]> {
  const view = request.objects.view(version);
  if (view === undefined || object === undefined) return [];
  const startedAtMs = performance.now();
  const count = (error: PolicyErrorType) => events.mutated(policy.name, binding.name, error, performance.now() - startedAtMs);
  try {
    update(object, version, await policy.rules.changed(mutation, view, version, input));
    request.objects.forget();
    count('no_error');
    return [];
  } catch (error) {
    count(errorTypeOf((error as Error).message));
    if (error instanceof PolicyProblem) return [error.message];
    throw error;
  }
}

function update(object: KubeObject, version: ServedVersion, view: JsonObject): void {
  try {
    version.update(object, view);
  } catch (error) {
    throw error instanceof DecodeError ? internalError(error) : error;
  }
}

/** All that went wrong are causes; the first one is told. */
function refusal(attributes: AdmissionAttributes, denials: readonly Denial[]): ApiError {
  const { message, reason } = denials[0] as Denial;
  const { status, code } = refusedWrite(attributes, message);
  return new ApiError(code, reason, message, { ...status.details, causes: denials.map((denial) => ({ message: denial.message })) });
}
