import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parseProxy, type RemoteAccess } from '@keelson/machinery';
import { yamlToJson } from '../yaml/yaml-to-json.js';

/** A part of a kubeconfig, not yet looked at. */
export type Section = Readonly<Record<string, unknown>>;

/** The file that kubectl would read: $KUBECONFIG, or ~/.kube/config. */
export function defaultKubeconfig({ KUBECONFIG = '' }: NodeJS.ProcessEnv): string {
  return KUBECONFIG === '' ? join(homedir(), '.kube', 'config') : KUBECONFIG;
}

/** Reads a kubeconfig; `context` in place of its current one when not ''. Files that it names are looked for beside it. */
export async function readKubeconfig(file: string, context = ''): Promise<RemoteAccess> {
  const config = asSection(yamlToJson(await readFile(file, 'utf8')).value);
  const wanted = context === '' ? text(config, 'current-context') : context;
  if (wanted === undefined) throw new Error(`${file} has no current context`);
  const chosen = named(file, config, 'context', wanted);
  const cluster = named(file, config, 'cluster', text(chosen, 'cluster') ?? '');
  const userName = text(chosen, 'user') ?? '';
  const user = userName === '' ? {} : named(file, config, 'user', userName);
  return { ...(await clusterPart(file, cluster)), ...(await userPart(file, userName, user)) };
}

async function clusterPart(file: string, cluster: Section): Promise<RemoteAccess> {
  const server = text(cluster, 'server');
  if (server === undefined || !/^https?:/.test(server) || !URL.canParse(server))
    throw new Error(`${file}: server ${JSON.stringify(server)} is not an http or https URL`);
  const proxyUrl = text(cluster, 'proxy-url');
  if (proxyUrl !== undefined && server.startsWith('http:')) throw new Error(`${file}: proxy-url is supported for https only`);
  const certificateAuthority = await content(file, cluster, 'certificate-authority');
  const tlsServerName = text(cluster, 'tls-server-name');
  return {
    server,
    insecureSkipTlsVerify: cluster['insecure-skip-tls-verify'] === true,
    ...(proxyUrl !== undefined && { proxy: parseProxy(proxyUrl) }),
    ...(certificateAuthority !== undefined && { certificateAuthority }),
    ...(tlsServerName !== undefined && { tlsServerName }),
  };
}

/** How a user is known: throws when there is no way that can be gone. */
export async function userPart(file: string, name: string, user: Section): Promise<Partial<RemoteAccess>> {
  const clientCertificate = await content(file, user, 'client-certificate');
  const clientKey = await content(file, user, 'client-key');
  const authorization = await authorizationOf(file, user);
  const other = ['exec', 'auth-provider'].find((key) => user[key] !== undefined);
  if (other !== undefined && clientCertificate === undefined && authorization === undefined)
    throw new Error(
      `${file}: user ${JSON.stringify(name)} has ${other} only, which is not supported: a token or a client certificate is needed`,
    );
  return {
    ...(clientCertificate !== undefined && { clientCertificate }),
    ...(clientKey !== undefined && { clientKey }),
    ...(authorization !== undefined && { authorization }),
  };
}

async function authorizationOf(file: string, user: Section): Promise<string | undefined> {
  const tokenFile = text(user, 'tokenFile');
  const token = tokenFile === undefined ? text(user, 'token') : (await readFile(beside(file, tokenFile), 'utf8')).trim();
  if (token !== undefined) return `Bearer ${token}`;
  const username = text(user, 'username');
  return username === undefined ? undefined : `Basic ${Buffer.from(`${username}:${text(user, 'password') ?? ''}`).toString('base64')}`;
}

/** What `<name>-data` holds, or the file that `<name>` names. */
async function content(file: string, section: Section, name: string): Promise<string | undefined> {
  const data = text(section, `${name}-data`);
  if (data !== undefined) return Buffer.from(data, 'base64').toString();
  const path = text(section, name);
  return path === undefined ? undefined : readFile(beside(file, path), 'utf8');
}

const beside = (file: string, path: string): string => resolve(dirname(file), path);

type NamedKind = 'context' | 'cluster' | 'user';

export function sections(config: Section, kind: NamedKind): Section[] {
  const all = config[`${kind}s`];
  return (Array.isArray(all) ? all : []).map(asSection);
}

export function named(file: string, config: Section, kind: NamedKind, name: string): Section {
  const found = sections(config, kind).find((one) => one.name === name);
  if (found === undefined) throw new Error(`${file} has no ${kind} ${JSON.stringify(name)}`);
  return asSection(found[kind]);
}

export function asSection(value: unknown): Section {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Section) : {};
}

export function text(section: Section, key: string): string | undefined {
  const value = section[key];
  return typeof value === 'string' && value !== '' ? value : undefined;
}
