import {
  type AdmissionAttributes,
  type AdmissionPlugin,
  ApiError,
  type Authorizer,
  internalError,
  type JsonObject,
  jsonEqual,
  type KubeObject,
  type ObjectReader,
  type StatusReason,
} from '@keelson/machinery';
import { type admissionregistration, DecodeError } from '@keelson/schema';
import type { PluginHost } from '../plugin-host.js';
import { refusedWrite } from '../refused-write.js';
import { type Reinvocation, Reinvocations } from '../reinvocation.js';
import type { Binding } from './binding.js';
import { type EvaluableInvocation, invocationsOf } from './invocations.js';
import { MutationRules } from './mutation-rules.js';
import type { Policy } from './policy.js';
import { type BoundPolicy, PolicyIndex } from './policy-index.js';
import { PolicyParameters } from './policy-parameters.js';
import { PolicyProblem } from './policy-problem.js';
import { PolicyRequest } from './policy-request.js';

type PolicySpec = admissionregistration.v1beta1.MutatingAdmissionPolicySpec;
type BindingSpec = admissionregistration.v1beta1.MutatingAdmissionPolicyBindingSpec;
type MutatingPolicy = Policy<PolicySpec, MutationRules>;
type MutatingBinding = Binding<BindingSpec>;

const NAMESPACES = { group: '', version: 'v1', resource: 'namespaces' };

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
}

/** Has policies change what is written, one after another: objects whose mutations are expressions (KEP-3962). */
export class MutatingPolicies implements AdmissionPlugin {
  readonly name = 'MutatingAdmissionPolicy';
  readonly #index: PolicyIndex<PolicySpec, BindingSpec, MutationRules>;
  readonly #parameters: PolicyParameters;
  readonly #authorizer: Authorizer;
  readonly #namespaces: ObjectReader;
  readonly #reinvocations = new Reinvocations<string>();

  constructor({ objects, authorizer }: Pick<PluginHost, 'objects' | 'authorizer'>) {
    this.#index = new PolicyIndex(objects, {
      version: 'v1beta1',
      policies: 'mutatingadmissionpolicies',
      bindings: 'mutatingadmissionpolicybindings',
      compile: (spec: PolicySpec) => new MutationRules(spec),
    });
    this.#parameters = new PolicyParameters(objects);
    this.#authorizer = authorizer;
    this.#namespaces = objects.reader(NAMESPACES);
  }

  handles(operation: AdmissionAttributes['operation']): boolean {
    return operation !== 'DELETE';
  }

  admit(attributes: AdmissionAttributes): Promise<void> | undefined {
    const concerned = this.#index.concerned(attributes);
    return concerned.length === 0 ? undefined : this.#mutate(attributes, concerned);
  }

  async #mutate(attributes: AdmissionAttributes, concerned: readonly BoundPolicy<MutatingPolicy, MutatingBinding>[]): Promise<void> {
    const request = new PolicyRequest(attributes, this.#authorizer, this.#namespaces);
    const passage = { attributes, request, reinvocation: this.#reinvocations.of(attributes) };
    const denials: Denial[] = [];
    for await (const invocation of invocationsOf(attributes, concerned, this.#parameters)) {
      const { policy, binding } = invocation;
      const by = binding === undefined ? JSON.stringify(policy.name) : `'${policy.name}' with binding '${binding.name}'`;
      const denial = (problem: string, reason: StatusReason) => ({ message: `policy ${by} denied request: ${problem}`, reason });
      const found =
        invocation.problem === undefined
          ? (await problemsOf(passage, invocation)).map((problem) => denial(problem, 'Invalid'))
          : [denial(invocation.problem, 'Forbidden')];
      if (!policy.ignorable) denials.push(...found);
    }
    passage.reinvocation.leave(attributes.object);
    if (denials.length > 0) throw refusal(attributes, denials);
  }
}

/** Has a policy change the object, once for each parameter. What went wrong. */
async function problemsOf(passage: Passage, invocation: EvaluableInvocation<MutatingPolicy, MutatingBinding>): Promise<string[]> {
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
async function mutate(
  { attributes, request, reinvocation }: Passage,
  { policy, binding, version }: EvaluableInvocation<MutatingPolicy, MutatingBinding>,
  params: KubeObject | undefined,
): Promise<string[]> {
  const { rules } = policy;
  const input = request.at(version, params);
  if (!(await rules.matches(input))) return [];
  const key = JSON.stringify([policy.name, binding.name, params?.metadata.namespace, params?.metadata.name]);
  if (attributes.round > 0 && !reinvocation.includes(key)) return [];
  const problems: string[] = [];
  const before = request.objects.view(version);
  for (const mutation of rules.mutations) {
    const view = request.objects.view(version);
    if (view === undefined || attributes.object === undefined) continue;
    try {
      update(attributes.object, await rules.changed(mutation, view, version, input));
    } catch (error) {
      if (!(error instanceof PolicyProblem)) throw error;
      problems.push(error.message);
    }
  }
  if (!jsonEqual(before as unknown as JsonObject, request.objects.view(version) as unknown as JsonObject)) {
    reinvocation.changed();
    attributes.reinvoke();
  }
  reinvocation.seen(key, rules);
  return problems;

  function update(object: KubeObject, changed: JsonObject): void {
    try {
      version.update(object, changed);
    } catch (error) {
      throw error instanceof DecodeError ? internalError(error) : error;
    }
    request.objects.forget();
  }
}

/** All that went wrong are causes; the first one is told. */
function refusal(attributes: AdmissionAttributes, denials: readonly Denial[]): ApiError {
  const { message, reason } = denials[0] as Denial;
  const { status, code } = refusedWrite(attributes, message);
  return new ApiError(code, reason, message, { ...status.details, causes: denials.map((denial) => ({ message: denial.message })) });
}
