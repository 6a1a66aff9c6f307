import { Policy, RbacAuthorizer } from '@keelson/auth';
import { FlagError } from '../../flags/flag-error.js';
import type { AuthorizationOptions } from '../options.js';
import { Authorization } from './authorization.js';
import { type AuthorizationParts, AuthorizerModes } from './authorizer-modes.js';
import { configuredAuthorizers } from './configured-authorizers.js';
import { followPolicy } from './follow-policy.js';

/** Makes the authorizers that the options name. A configuration that cannot be used is the user's to repair. */
export async function buildAuthorization(options: AuthorizationOptions, parts: AuthorizationParts): Promise<Authorization> {
  const { configurationFile, policyFile } = options;
  // Also where nobody is asked by them, roles and bindings say who may grant what.
  const policy = new Policy();
  followPolicy(policy, parts.objects);
  const rbac = new RbacAuthorizer(policy);
  try {
    const makes = new AuthorizerModes(parts, rbac, policyFile);
    const configured = await configuredAuthorizers(options);
    return await Authorization.open(rbac, makes, parts, configurationFile, configured).catch((error: Error) => {
      throw error instanceof FlagError ? error : new Error(`invalid authorization config: ${error.message}`, { cause: error });
    });
  } catch (error) {
    throw new FlagError((error as Error).message, { cause: error });
  }
}
