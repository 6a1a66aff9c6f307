import { Environment } from '../environment/environment.js';
import { LISTS_EXTENSION } from '../library/extensions/lists.js';
import { SETS } from '../library/extensions/sets.js';
import { STRINGS_LIBRARY } from '../library/extensions/strings.js';
import { TWO_VARIABLES } from '../library/extensions/two-variables.js';
import { AUTHORIZATION } from '../library/kubernetes/authorizer.js';
import { CIDRS } from '../library/kubernetes/cidr.js';
import { FORMATS_LIBRARY } from '../library/kubernetes/format.js';
import { IPS } from '../library/kubernetes/ip.js';
import { LISTS } from '../library/kubernetes/lists.js';
import { QUANTITIES } from '../library/kubernetes/quantity.js';
import { REGEX } from '../library/kubernetes/regex.js';
import { SEMVERS } from '../library/kubernetes/semver.js';
import { URLS } from '../library/kubernetes/url.js';
import { OPTIONALS } from '../library/optionals.js';
import { STANDARD } from '../library/standard.js';

/**
 * What Kubernetes v1.34 lets new expressions use: what the release before it knows too, so that it can be gone back to.
 */
export const NEW_EXPRESSIONS = Environment.empty.extend({
  libraries: [
    STANDARD,
    URLS,
    REGEX,
    LISTS,
    AUTHORIZATION,
    OPTIONALS,
    QUANTITIES,
    STRINGS_LIBRARY,
    SETS,
    IPS,
    CIDRS,
    FORMATS_LIBRARY,
    TWO_VARIABLES,
    SEMVERS,
  ],
});

/** What expressions may use that are stored already, or come from configuration files: everything that v1.34 knows. */
export const STORED_EXPRESSIONS = NEW_EXPRESSIONS.extend({ libraries: [LISTS_EXTENSION] });

/** Kubernetes' two environments with the same additions. */
export interface EnvironmentPair {
  /** For expressions that a request brings. */
  readonly forNew: Environment;
  /** For expressions that were stored before, and for evaluation. */
  readonly forStored: Environment;
}

export function kubernetesEnvironments(additions: Parameters<Environment['extend']>[0]): EnvironmentPair {
  return { forNew: NEW_EXPRESSIONS.extend(additions), forStored: STORED_EXPRESSIONS.extend(additions) };
}
