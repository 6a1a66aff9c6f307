import { writeFile } from 'node:fs/promises';
import type { GivenFlag } from '../flags/parse-flags.js';
import type { ClusterPaths } from './cluster-paths.js';
import type { FlagTexts } from './server-args.js';

const configuration = `# Who may ask without credentials: whoever looks whether the server is well. ID tokens can be configured here, too.
apiVersion: apiserver.config.k8s.io/v1
kind: AuthenticationConfiguration
anonymous:
  enabled: true
  conditions:
  - path: /livez
  - path: /readyz
  - path: /healthz
`;

/** Flags that say themselves what the file would say. */
const rivals = /^(anonymous-auth|authentication-config|oidc-.*)$/;

/** Whoever shows no credentials may ask for health, and nothing else, unless the user says otherwise. */
export function anonymousHealth({ authentication }: ClusterPaths, given: readonly GivenFlag[]): FlagTexts {
  return given.some(({ name }) => rivals.test(name)) ? {} : { 'authentication-config': authentication };
}

/** Writes the file that this is in, unless it is there: it is for the user to change. */
export async function ensureAuthenticationConfiguration({ authentication }: ClusterPaths): Promise<void> {
  try {
    await writeFile(authentication, configuration, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
