/** Names and groups that mean something to the server itself. */
export const anonymousUser = 'system:anonymous';
export const unauthenticatedGroup = 'system:unauthenticated';
export const authenticatedGroup = 'system:authenticated';
/** May do anything, whatever the authorizers say. */
export const privilegedGroup = 'system:masters';

/** Key of the extra that names the credential a user came with. */
export const credentialIdKey = 'authentication.kubernetes.io/credential-id';
