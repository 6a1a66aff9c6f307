import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { parseProxy, type RemoteAccess } from '@keelson/machinery';
import { beside, content, named, readConfig, type Section, text } from './kubeconfig-file.js';
import { noContext, requireUsable, unknownContext } from './kubeconfig-problems.js';

/** The file that kubectl would read: $KUBECONFIG, or ~/.kube/config. */
export function defaultKubeconfig({ KUBECONFIG = '' }: NodeJS.ProcessEnv): string {
  return KUBECONFIG === '' ? join(homedir(), '.kube', 'config') : KUBECONFIG;
}

/** Reads a kubeconfig; `context` in place of its current one when not ''. Files that it names are looked for beside it. */
export async function readKubeconfig(file: string, context = ''): Promise<RemoteAccess> {
  const config = await readConfig(file);
  const wanted = context === '' ? text(config, 'current-context') : context;
  if (wanted === undefined) throw noContext();
  const chosen = named(config, 'context', wanted);
  if (chosen === undefined) throw unknownContext(wanted);
  const clusterName = text(chosen, 'cluster') ?? '';
  const cluster = named(config, 'cluster', clusterName);
  const userName = text(chosen, 'user') ?? '';
  const user = named(config, 'user', userName) ?? {};
  await requireUsable(file, { clusterName, cluster, userName, user });
  return { ...(await clusterPart(file, cluster ?? {})), ...(await userPart(file, userName, user)) };
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
