import type { Agent } from 'node:http';
import { type Dialer, environmentDialer, plainFailure, secureAgent, semanticallyEqual, trusting } from '@keelson/machinery';
import type { core } from '@keelson/schema';
import { ClusterAgents } from './cluster-agents.js';
import type { Ways } from './destination.js';

type Node = core.v1.Node;

/** How this server reaches kubelets. */
export interface KubeletOptions {
  /** `--kubelet-preferred-address-types`, the first before the others. */
  readonly addressTypes: readonly string[];
  readonly tls: KubeletTls;
  /** The way to them, and to pods and services; Node's own when absent. */
  readonly dialer?: Dialer;
}

/** PEM. */
export interface KubeletTls {
  /** Of the serving certificates of kubelets; without them any certificate will do. */
  readonly authorities?: string;
  /** By which kubelets know this server. */
  readonly client?: { readonly certificate: string; readonly key: string };
}

export interface KubeletAddress {
  readonly secure: true;
  readonly ways: Ways;
  readonly host: string;
  readonly port: number;
}

export const defaultKubelets: KubeletOptions = {
  addressTypes: ['Hostname', 'InternalDNS', 'InternalIP', 'ExternalDNS', 'ExternalIP'],
  tls: {},
};

const KUBELET_PORT = 10_250;

/** The kubelets of the cluster, as their nodes say where they are. */
export class Kubelets {
  readonly #addressTypes: readonly string[];
  readonly #dialer: Dialer | undefined;
  /** To pods, services, and other ports of nodes. */
  readonly agents: ClusterAgents;
  #tls: KubeletTls;
  #agents: KubeletAgents;

  constructor({ addressTypes, tls, dialer }: KubeletOptions) {
    this.#addressTypes = addressTypes;
    this.#dialer = dialer;
    this.agents = new ClusterAgents(dialer);
    this.#tls = tls;
    this.#agents = agentsOf(tls, dialer);
  }

  /** For connections from now on. */
  use(tls: KubeletTls): void {
    if (semanticallyEqual(tls, this.#tls)) return;
    this.#tls = tls;
    this.#agents = agentsOf(tls, this.#dialer);
  }

  /** `insecure`: whatever its certificate is. Throws when the node has no address of a type that is used. */
  addressOf(node: Node, insecure = false): KubeletAddress {
    const ways = insecure ? this.#agents.trusting : this.#agents.verifying;
    const { addresses = [], daemonEndpoints } = node.status;
    const host = this.#addressTypes.flatMap((type) => addresses.filter((address) => address.type === type))[0]?.address;
    if (host === undefined) throw plainFailure(`no preferred addresses found; known addresses: ${addressesText(addresses)}`);
    const port = daemonEndpoints?.kubeletEndpoint?.Port || KUBELET_PORT;
    return { secure: true, ways, host, port };
  }
}

interface KubeletAgents {
  readonly verifying: Ways;
  /** Whatever certificate a kubelet has. */
  readonly trusting: Ways;
}

function agentsOf(tls: KubeletTls, dialer: Dialer | undefined): KubeletAgents {
  const toRequests = environmentDialer(dialer);
  const ways = (verify: boolean) => ({ upgrades: agentOf(tls, verify, dialer), requests: agentOf(tls, verify, toRequests) });
  return { verifying: ways(tls.authorities !== undefined), trusting: ways(false) };
}

function agentOf({ authorities, client }: KubeletTls, verify: boolean, dialer: Dialer | undefined): Agent {
  const tls = {
    rejectUnauthorized: verify,
    ...(authorities !== undefined && trusting(authorities)),
    ...(client && { cert: client.certificate, key: client.key }),
  };
  return secureAgent({ keepAlive: true, ...tls }, dialer);
}

/** As Go prints them. */
function addressesText(addresses: readonly core.v1.NodeAddress[]): string {
  return `[${addresses.map(({ type, address }) => `{${type} ${address}}`).join(' ')}]`;
}
