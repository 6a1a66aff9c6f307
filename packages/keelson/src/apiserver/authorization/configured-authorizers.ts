import { readFile } from 'node:fs/promises';
import { type AuthorizerConfiguration, nameOfType, readAuthorizationConfiguration } from '@keelson/auth';
import type { AuthorizationMode, AuthorizationOptions } from '../options.js';

/** What webhooks of the flags are given; files must say it. */
const FLAG_TIMEOUT_MS = 30_000;

/** The authorizers that are asked, in their order, and the content of the file that says so, if one does. */
export interface ConfiguredAuthorizers {
  readonly authorizers: readonly AuthorizerConfiguration[];
  readonly content?: string;
}

/** As the flags say, or the file that they name. Rejects when the file cannot be used. */
export async function configuredAuthorizers(options: AuthorizationOptions): Promise<ConfiguredAuthorizers> {
  if (options.configurationFile === undefined) return { authorizers: options.modes.map((mode) => ofFlags(mode, options)) };
  const content = await readFile(options.configurationFile, 'utf8');
  return { authorizers: readAuthorizationConfiguration(content), content };
}

function ofFlags(type: AuthorizationMode, { webhook }: AuthorizationOptions): AuthorizerConfiguration {
  if (type !== 'Webhook' || webhook === undefined) return { type, name: nameOfType(type) };
  return { type, name: 'default', webhook: { ...webhook, timeoutMs: FLAG_TIMEOUT_MS, onFailure: 'noOpinion', matchConditions: [] } };
}
