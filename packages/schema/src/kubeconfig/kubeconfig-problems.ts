import { access, constants } from 'node:fs/promises';
import { aggregate, quote } from '@keelson/machinery';
import { beside, type Section, text } from './kubeconfig-file.js';

/** What of a kubeconfig counts: the parts that a context chooses. */
export interface ChosenParts {
  readonly clusterName: string;
  readonly cluster: Section | undefined;
  readonly userName: string;
  readonly user: Section;
}

const NO_SERVER = 'cluster has no server defined';
const NOTHING = 'no configuration has been provided, try setting KUBERNETES_MASTER environment variable';

export function invalidConfiguration(problems: readonly string[]): Error {
  const isNothing = problems.length === 1 && problems[0] === NO_SERVER;
  return new Error(`invalid configuration: ${isNothing ? NOTHING : aggregate(problems)}`);
}

/** Throws what is wrong with the parts, all at once, in the words of Kubernetes' clients. */
export async function requireUsable(file: string, { clusterName, cluster, userName, user }: ChosenParts): Promise<void> {
  const problems = [...(await userProblems(file, userName, user)), ...(await clusterProblems(file, clusterName, cluster))];
  if (problems.length > 0) throw invalidConfiguration(problems);
}

export function unknownContext(name: string): Error {
  return invalidConfiguration([`context was not found for specified context: ${name}`, NO_SERVER]);
}

export const noContext = (): Error => invalidConfiguration([NO_SERVER]);

async function clusterProblems(file: string, name: string, cluster: Section | undefined): Promise<string[]> {
  if (cluster === undefined || Object.keys(cluster).length === 0) return [cluster === undefined ? NO_SERVER : noServer(name)];
  const problems: string[] = [];
  if (text(cluster, 'server') === undefined) problems.push(noServer(name));
  const proxy = text(cluster, 'proxy-url');
  const scheme = proxy === undefined ? '' : (/^([a-z][a-z0-9+.-]*):/i.exec(proxy)?.[1] ?? '');
  if (proxy !== undefined && !['http', 'https', 'socks5'].includes(scheme))
    problems.push(
      `invalid 'proxy-url' ${quote(proxy)} for cluster ${quote(name)}: unsupported scheme ${quote(scheme)}, must be http, https, or socks5`,
    );
  return [...problems, ...(await unreadableFile(file, cluster, 'certificate-authority', 'certificate-authority', name))];
}

const noServer = (name: string): string => `no server found for cluster ${quote(name)}`;

async function userProblems(file: string, name: string, user: Section): Promise<string[]> {
  const problems: string[] = [];
  const has = (key: string) => text(user, key) !== undefined || text(user, `${key}-data`) !== undefined;
  if (has('client-certificate')) {
    if (!has('client-key'))
      problems.push(`client-key-data or client-key must be specified for ${name} to use the clientCert authentication method.`);
    problems.push(...(await unreadableFile(file, user, 'client-certificate', 'client-cert', name)));
    problems.push(...(await unreadableFile(file, user, 'client-key', 'client-key', name)));
  }
  const methods = [...(text(user, 'token') ? ['token'] : []), ...(text(user, 'username') || text(user, 'password') ? ['basicAuth'] : [])];
  if (methods.length > 1)
    problems.push(`more than one authentication method found for ${name}; found [${methods.join(' ')}], only one is allowed`);
  return problems;
}

async function unreadableFile(file: string, section: Section, key: string, what: string, name: string): Promise<string[]> {
  const path = text(section, key);
  if (path === undefined || text(section, `${key}-data`) !== undefined) return [];
  try {
    await access(beside(file, path), constants.R_OK);
    return [];
  } catch (error) {
    return [`unable to read ${what} ${path} for ${name} due to ${(error as Error).message.replace(', access ', ', open ')}`];
  }
}
