import type { FieldRequirement } from '../selectors/field-selector.js';
import type { Requirement } from '../selectors/requirement.js';
import type { UserInfo } from './authenticator.js';

/** A selector that narrows what is asked for, as far as it is understood: leaving some of it out only widens the question (KEP-4601). */
export interface SelectorAttribute<R> {
  readonly requirements: readonly R[];
  /** Why some of it, or all, is left out. */
  readonly error?: string | undefined;
}

/** What a request wants to do, as authorization sees it. */
export interface AuthorizationAttributes {
  readonly user: UserInfo;
  /** get, list, watch, create, update, patch, delete, deletecollection; for non-resource paths the lower-case HTTP method. */
  readonly verb: string;
  readonly resourceRequest: boolean;
  readonly apiGroup: string;
  readonly apiVersion: string;
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
  readonly path: string;
  readonly labelSelector?: SelectorAttribute<Requirement> | undefined;
  readonly fieldSelector?: SelectorAttribute<FieldRequirement> | undefined;
}

export interface AuthorizationDecision {
  readonly decision: 'allow' | 'deny' | 'noOpinion';
  /** Asked for only where it is told: it may be made when it is read. */
  readonly reason?: string;
  /** What went wrong on the way. The decision holds; but who is not allowed is told of the error instead. */
  readonly error?: unknown;
}

/** Decides or has no opinion; in a chain the first allow or deny wins, and nobody's opinion means no. */
export interface Authorizer {
  authorize(attributes: AuthorizationAttributes): Promise<AuthorizationDecision> | AuthorizationDecision;
}
