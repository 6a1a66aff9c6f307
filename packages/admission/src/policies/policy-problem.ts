/** Why a policy cannot be evaluated for a request. */
export class PolicyProblem extends Error {}
