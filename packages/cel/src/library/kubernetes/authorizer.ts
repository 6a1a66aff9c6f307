import {
  type AuthorizationAttributes,
  type AuthorizationDecision,
  type Authorizer,
  dns1123Label,
  dns1123Subdomain,
  parseFieldSelector,
  parseLabelSelector,
  type SelectorAttribute,
  type UserInfo,
} from '@keelson/machinery';
import { declare, type FunctionDeclaration, method } from '../../environment/declarations.js';
import type { Library } from '../../environment/environment.js';
import { Suspended } from '../../evaluate/suspended.js';
import { BOOL, type CelType, STRING, structType } from '../../types/type.js';
import { EvaluationError, noSuchOverload } from '../../values/evaluation-error.js';
import { type CelValue, Opaque } from '../../values/value.js';

const PREFIX = 'kubernetes.authorization.';
export const AUTHORIZER = structType(`${PREFIX}Authorizer`);
const PATH_CHECK = structType(`${PREFIX}PathCheck`);
const GROUP_CHECK = structType(`${PREFIX}GroupCheck`);
export const RESOURCE_CHECK = structType(`${PREFIX}ResourceCheck`);
const DECISION = structType(`${PREFIX}Decision`);

abstract class AuthorizationValue extends Opaque {
  equals(other: CelValue): boolean {
    if (this === other) return true;
    throw noSuchOverload();
  }

  toString(): string {
    return this.type.name;
  }
}

class DecisionValue extends AuthorizationValue {
  readonly type = DECISION;

  constructor(readonly decision: AuthorizationDecision) {
    super();
  }

  get error(): string {
    const { error } = this.decision;
    if (error === undefined) return '';
    return error instanceof Error ? error.message : String(error);
  }
}

/**
 * Asks an authorizer, once for each question. An answer that must be waited for suspends the evaluation, which is
 * repeated when it has come.
 */
class Checks {
  readonly #decisions = new Map<string, DecisionValue>();

  constructor(private readonly authorizer: Authorizer) {}

  decide(attributes: AuthorizationAttributes): DecisionValue {
    const key = JSON.stringify(attributes);
    const known = this.#decisions.get(key);
    if (known !== undefined) return known;
    const keep = (decision: AuthorizationDecision) => {
      const value = new DecisionValue(decision);
      this.#decisions.set(key, value);
      return value;
    };
    const failed = (error: unknown) => keep({ decision: 'noOpinion', error });
    try {
      const outcome = this.authorizer.authorize(attributes);
      if (!(outcome instanceof Promise)) return keep(outcome);
      throw new Suspended(outcome.then(keep, failed));
    } catch (error) {
      if (error instanceof Suspended) throw error;
      return failed(error);
    }
  }
}

/** The variable `authorizer`: asks what its user may do. Made for one request, it asks each question once. */
export class AuthorizerValue extends AuthorizationValue {
  readonly type = AUTHORIZER;

  private constructor(
    private readonly checks: Checks,
    private readonly user: UserInfo,
  ) {
    super();
  }

  static of(authorizer: Authorizer, user: UserInfo): AuthorizerValue {
    return new AuthorizerValue(new Checks(authorizer), user);
  }

  as(user: UserInfo): AuthorizerValue {
    return new AuthorizerValue(this.checks, user);
  }

  /** The variable `authorizer.requestResource`. */
  resource(target: ResourceTarget): ResourceCheck {
    return new ResourceCheck(this, target);
  }

  decide(attributes: Partial<AuthorizationAttributes> & Pick<AuthorizationAttributes, 'verb' | 'resourceRequest'>): DecisionValue {
    return this.checks.decide({ ...NOTHING, ...attributes, user: this.user });
  }
}

const NOTHING = { apiGroup: '', apiVersion: '', resource: '', subresource: '', namespace: '', name: '', path: '' };

export interface ResourceTarget {
  readonly group: string;
  readonly resource: string;
  readonly subresource?: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly fieldSelector?: string;
  readonly labelSelector?: string;
}

class PathCheck extends AuthorizationValue {
  readonly type = PATH_CHECK;

  constructor(
    readonly authorizer: AuthorizerValue,
    readonly path: string,
  ) {
    super();
  }

  check(verb: string): DecisionValue {
    return this.authorizer.decide({ resourceRequest: false, path: this.path, verb });
  }
}

class GroupCheck extends AuthorizationValue {
  readonly type = GROUP_CHECK;

  constructor(
    readonly authorizer: AuthorizerValue,
    readonly group: string,
  ) {
    super();
  }
}

class ResourceCheck extends AuthorizationValue {
  readonly type = RESOURCE_CHECK;

  constructor(
    readonly authorizer: AuthorizerValue,
    readonly target: ResourceTarget,
  ) {
    super();
  }

  with(part: Partial<ResourceTarget>): ResourceCheck {
    return new ResourceCheck(this.authorizer, { ...this.target, ...part });
  }

  check(verb: string): DecisionValue {
    const { group, fieldSelector, labelSelector, ...target } = this.target;
    return this.authorizer.decide({
      resourceRequest: true,
      apiGroup: group,
      apiVersion: '*',
      ...target,
      fieldSelector: selector(fieldSelector, parseFieldSelector),
      labelSelector: selector(labelSelector, parseLabelSelector),
      verb,
    });
  }
}

/** A selector that cannot be read selects everything, and the authorizer is told why. */
function selector<R>(text: string | undefined, parse: (text: string) => { requirements: readonly R[] }): SelectorAttribute<R> | undefined {
  if (text === undefined || text === '') return undefined;
  try {
    return { requirements: parse(text).requirements };
  } catch (error) {
    return { requirements: [], error: error instanceof Error ? error.message : String(error) };
  }
}

function notEmpty(what: string, text: string): string {
  if (text.trim() === '') throw new EvaluationError(`${what} must not be empty`);
  return text;
}

function serviceAccount(authorizer: AuthorizerValue, namespace: string, name: string): AuthorizerValue {
  if (dns1123Subdomain(name).length > 0) throw new EvaluationError('Invalid service account name');
  if (dns1123Label(namespace).length > 0) throw new EvaluationError('Invalid service account namespace');
  return authorizer.as({
    name: `system:serviceaccount:${namespace}:${name}`,
    groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`],
  });
}

/** Narrows a check down: `authorizer.group('').resource('pods').namespace('x')`. */
function narrow(name: keyof ResourceTarget, id = `resourcecheck_${name}`): FunctionDeclaration {
  return declare(
    name,
    method(id, [RESOURCE_CHECK, STRING], RESOURCE_CHECK, (check: ResourceCheck, value: string) => check.with({ [name]: value })),
  );
}

function ofDecision(name: string, type: CelType, get: (value: DecisionValue) => CelValue): FunctionDeclaration {
  return declare(name, method(`decision_${name}`, [DECISION], type, get));
}

/** Kubernetes' authorization checks. */
export const AUTHORIZATION: Library = {
  functions: [
    declare(
      'path',
      method('authorizer_path', [AUTHORIZER, STRING], PATH_CHECK, (authorizer: AuthorizerValue, path: string) => {
        return new PathCheck(authorizer, notEmpty('path', path));
      }),
    ),
    declare(
      'group',
      method('authorizer_group', [AUTHORIZER, STRING], GROUP_CHECK, (authorizer: AuthorizerValue, group: string) => {
        return new GroupCheck(authorizer, group);
      }),
    ),
    declare('serviceAccount', method('authorizer_serviceaccount', [AUTHORIZER, STRING, STRING], AUTHORIZER, serviceAccount)),
    declare(
      'resource',
      method('groupcheck_resource', [GROUP_CHECK, STRING], RESOURCE_CHECK, ({ authorizer, group }: GroupCheck, resource: string) =>
        authorizer.resource({ group, resource: notEmpty('resource', resource) }),
      ),
    ),
    narrow('subresource'),
    narrow('namespace'),
    narrow('name'),
    narrow('fieldSelector', 'authorizer_fieldselector'),
    narrow('labelSelector', 'authorizer_labelselector'),
    declare(
      'check',
      method('pathcheck_check', [PATH_CHECK, STRING], DECISION, (check: PathCheck, verb: string) => check.check(verb)),
      method('resourcecheck_check', [RESOURCE_CHECK, STRING], DECISION, (check: ResourceCheck, verb: string) => check.check(verb)),
    ),
    ofDecision('errored', BOOL, ({ decision }) => decision.error !== undefined),
    ofDecision('error', STRING, ({ error }) => error),
    ofDecision('allowed', BOOL, ({ decision }) => decision.decision === 'allow'),
    ofDecision('reason', STRING, ({ decision }) => decision.reason ?? ''),
  ],
};
