import type { Environment } from '../environment/environment.js';
import { declaredTypes } from '../types/declared-types.js';
import { ANY, mapOf, STRING } from '../types/type.js';
import { STORED_EXPRESSIONS } from './environments.js';
import { USER_INFO, userTypes } from './user-type.js';

/** For expressions of an AuthenticationConfiguration about `claims`, the claims of a token. */
export const CLAIMS_ENVIRONMENT: Environment = STORED_EXPRESSIONS.extend({
  variables: { claims: mapOf(STRING, ANY) },
});

/** For expressions of an AuthenticationConfiguration about `user`, as claims have been mapped: see `userValue`. */
export const USER_ENVIRONMENT: Environment = STORED_EXPRESSIONS.extend({
  variables: { user: USER_INFO },
  types: declaredTypes(userTypes),
});
