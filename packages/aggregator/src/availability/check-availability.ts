import { authorityOf, type DialAddress, RemoteError, type UserInfo } from '@keelson/machinery';
import { identityHeaders } from '@keelson/server';
import type { Verdict } from '../api-service.js';
import type { RemoteApiService } from '../remote-api-service.js';
import { readyAddresses } from '../services/endpoint-addresses.js';
import type { ServiceDirectory } from '../services/service-directory.js';

/** It may read everything everywhere: what is looked for is never hidden from it. */
export const AGGREGATOR: UserInfo = { name: 'system:kube-aggregator', groups: ['system:masters'] };

const PROBE_TIMEOUT_MS = 5_000;

/** Looks whether an extension server can be reached: its service and endpoints first, then the server itself. */
export async function checkAvailability(remote: RemoteApiService, directory: ServiceDirectory, signal: AbortSignal): Promise<Verdict> {
  await directory.synced(remote.service.namespace);
  return (
    brokenService(remote, directory) ?? (await probe(remote, signal)) ?? { status: 'True', reason: 'Passed', message: 'all checks passed' }
  );
}

function brokenService({ service: of }: RemoteApiService, directory: ServiceDirectory): Verdict | undefined {
  // Connections go elsewhere, wherever the service may lead.
  if (directory.isOverridden(of)) return undefined;
  const { namespace, name, port } = of;
  const service = directory.service(of);
  const what = `service/${name} in "${namespace}"`;
  if (service === undefined) return no('ServiceNotFound', `${what} is not present`);
  const { type = 'ClusterIP', ports = [] } = service.spec ?? {};
  if (type !== 'ClusterIP') return undefined;
  const found = ports.find((one) => one.port === port);
  if (found === undefined) return no('ServicePortError', `${what} is not listening on port ${port}`);
  const slices = directory.slices(of);
  if (slices.length === 0) return no('EndpointsNotFound', `cannot find endpointslices for ${what}`);
  const { name: portName = '' } = found;
  if (slices.some((slice) => readyAddresses(slice, portName).length > 0)) return undefined;
  return no('MissingEndpoints', `endpointslices for ${what} have no addresses with port name "${portName}"`);
}

/** Asks for what every extension server has to serve. One that answers is enough. */
async function probe(remote: RemoteApiService, stopping: AbortSignal): Promise<Verdict | undefined> {
  try {
    await Promise.any(remote.addresses().map((address) => ask(remote, address, stopping)));
    return undefined;
  } catch (error) {
    const why = error instanceof AggregateError ? error.errors.at(-1) : error;
    return no('FailedDiscoveryCheck', why instanceof Error ? why.message : String(why));
  }
}

async function ask(remote: RemoteApiService, address: DialAddress, stopping: AbortSignal): Promise<void> {
  const url = `https://${authorityOf(address)}${remote.root}`;
  const timeout = AbortSignal.timeout(PROBE_TIMEOUT_MS);
  const signal = AbortSignal.any([timeout, stopping]);
  const headers = { host: authorityOf(address), accept: 'application/json', ...identityHeaders(AGGREGATOR) };
  let code: number;
  try {
    const answer = await remote.probedBackend(address).send({ method: 'GET', path: remote.root, headers, signal });
    ({ code } = answer);
    answer.body.resume();
  } catch (error) {
    const { message } = new RemoteError('GET', url, error, timeout.aborted);
    throw new Error(`failing or missing response from ${url}: ${message}`, { cause: error });
  }
  if (code < 200 || code >= 300) throw new Error(`failing or missing response from ${url}: bad status from ${url}: ${code}`);
}

function no(reason: string, message: string): Verdict {
  return { status: 'False', reason, message };
}
