import type { AuthorizationAttributes, AuthorizationDecision, Authorizer } from '@keelson/machinery';

const allow: AuthorizationDecision = { decision: 'allow' };
const noOpinion: AuthorizationDecision = { decision: 'noOpinion' };

/** Lets the members of some groups do anything: `system:masters` can repair a cluster whose policy locks everybody out. */
export class PrivilegedGroupsAuthorizer implements Authorizer {
  readonly #groups: ReadonlySet<string>;

  constructor(groups: Iterable<string>) {
    this.#groups = new Set(groups);
  }

  authorize({ user }: AuthorizationAttributes): AuthorizationDecision {
    return user.groups.some((group) => this.#groups.has(group)) ? allow : noOpinion;
  }
}
