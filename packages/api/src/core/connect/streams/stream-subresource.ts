import type { Features, JsonObject } from '@keelson/machinery';
import type { core } from '@keelson/schema';
import type { ConnectSubresource, Resource } from '@keelson/server';
import { connectedObject } from '../connected-objects.js';
import type { Kubelets } from '../destinations/kubelets.js';
import { handOnUpgrade } from '../hand-on.js';
import { containerOf, nodeNameOf } from '../pod-container.js';
import { queryOptions, readPorts } from '../query-options.js';
import { translateConsole } from './translate-console.js';
import { tunnelSpdy } from './tunnel-spdy.js';
import { isConsoleSocket, tunneledProtocols } from './web-socket-protocols.js';

type Pod = core.v1.Pod;

/** What connections to pods need to know. */
export interface PodConnections {
  readonly nodes: Resource;
  readonly kubelets: Kubelets;
}

export interface ReachedPods extends PodConnections {
  pods(): Resource;
}

interface Stream {
  /** Feature that translates newer protocols of WebSocket, which kubelets do not speak. */
  readonly translation: string;
  readonly kind: string;
  options(...asked: Parameters<NonNullable<ConnectSubresource['options']>>): JsonObject;
  /** Path of the kubelet's endpoint; throws 400. */
  path(pod: Pod, options: JsonObject): string;
  /** What the kubelet calls the options. */
  query(options: JsonObject): URLSearchParams;
  readonly isConsole: boolean;
}

const CONSOLE_FLAGS = ['stdin', 'stdout', 'stderr', 'tty'];
/** The kubelet's names for them. */
const kubeletNames: Readonly<Record<string, string>> = { stdin: 'input', stdout: 'output', stderr: 'error', tty: 'tty' };

function consoleQuery(options: JsonObject): URLSearchParams {
  const query = new URLSearchParams(
    CONSOLE_FLAGS.filter((flag) => options[flag] === true).map((flag): [string, string] => [kubeletNames[flag] as string, '1']),
  );
  for (const word of (options.command ?? []) as readonly string[]) query.append('command', word);
  return query;
}

function console(kind: string, endpoint: string, lists: readonly string[]): Stream {
  return {
    kind,
    options: (query) => queryOptions(query, { flags: CONSOLE_FLAGS, texts: ['container'], lists }),
    path: (pod, options) =>
      `/${endpoint}/${pod.metadata.namespace}/${pod.metadata.name}/${containerOf(pod, String(options.container ?? ''))}`,
    query: consoleQuery,
    translation: 'TranslateStreamCloseWebsocketRequests',
    isConsole: true,
  };
}

export const exec = console('PodExecOptions', 'exec', ['command']);
export const attach = console('PodAttachOptions', 'attach', []);
export const portForward: Stream = {
  kind: 'PodPortForwardOptions',
  options: (query) => {
    const ports = readPorts(query.getAll('ports'));
    return ports.length === 0 ? {} : { ports };
  },
  path: ({ metadata }) => `/portForward/${metadata.namespace}/${metadata.name}`,
  query: ({ ports }) => new URLSearchParams(ports === undefined ? [] : [['port', (ports as readonly number[]).join(',')]]),
  translation: 'PortForwardWebsockets',
  isConsole: false,
};

/**
 * A stream between a client and a pod: HTTP is left for SPDY or the older protocols of WebSocket, which kubelets speak, or for
 * a newer one, which is translated.
 */
export function streamSubresource(
  { kind, options, path, query, translation, isConsole }: Stream,
  { pods, nodes, kubelets }: ReachedPods,
  features: Features,
): ConnectSubresource {
  const translates = features.get(translation) === true;
  return {
    type: 'connect',
    kind,
    methods: ['GET', 'POST'],
    options,
    async connect(ctx, { info }, asked) {
      const pod = await connectedObject<Pod>(pods(), info.namespace, info.name);
      const place = path(pod, asked);
      const node = await connectedObject<core.v1.Node>(nodes, '', nodeNameOf(pod));
      const text = query(asked).toString();
      const search = text === '' ? '' : `?${text}`;
      const destination = { ...kubelets.addressOf(node), path: place };
      if (isConsole && translates && isConsoleSocket(ctx)) return translateConsole(ctx, destination, search, asked);
      const tunneled = isConsole || !translates ? [] : tunneledProtocols(ctx);
      if (tunneled.length > 0) return tunnelSpdy(ctx, destination, search, tunneled);
      await handOnUpgrade(ctx, destination, search);
    },
  };
}
