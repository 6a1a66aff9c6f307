import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { join, resolve } from 'node:path';
import { urlHost } from '@keelson/machinery';
import type { Output } from '../output.js';
import { stopOnSignals } from '../stop-on-signals.js';
import { flagValue } from './flag-value.js';

/** Where the stand-in says what it is. */
const MARK_PATH = '/keelson/data-dir';
const ASK_TIMEOUT_MS = 5_000;

const help = `Stands in for etcd in test suites: answers /health, and tells Keelson's kube-apiserver where to keep its store.

  --listen-client-urls   where it listens, one http URL
  --data-dir             where the store is kept
`;

/** Answers as an etcd does that is well, and holds nothing itself: the API server keeps its store in the data directory. */
export async function runStandInEtcd(args: readonly string[], output: Output): Promise<void> {
  if (args.includes('--help') || args.includes('-h')) return output.print(help.trimEnd());
  const dataDir = resolve(flagValue(args, 'data-dir') ?? 'default.etcd');
  await mkdir(dataDir, { recursive: true });
  const url = new URL(flagValue(args, 'listen-client-urls') ?? 'http://localhost:2379');
  const server = standIn(join(dataDir, 'keelson'));
  server.listen({ host: urlHost(url), port: Number(url.port || 2379) });
  await once(server, 'listening');
  await stopOnSignals(stoppable(server), output);
}

function standIn(store: string): Server {
  return createServer((req, res) => {
    const answers: Readonly<Record<string, object>> = { '/health': { health: 'true', reason: '' }, [MARK_PATH]: { dataDir: store } };
    const answer = answers[req.url ?? ''];
    res.writeHead(answer === undefined ? 501 : 200, { 'Content-Type': 'application/json' });
    res.end(JSON.stringify(answer ?? { error: 'this is no etcd: it stands in for one in tests of Kubernetes clients' }));
  });
}

function stoppable(server: Server) {
  return {
    whenStopped: once(server, 'close').then(() => undefined),
    async stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Where the store is to be kept that a stand-in stands for; undefined when a real etcd answers at these URLs. */
export async function storeOfStandIn(etcdServers: string): Promise<string | undefined> {
  const [first = ''] = etcdServers.split(',');
  if (!first.startsWith('http:')) return undefined;
  const answer = await fetch(new URL(MARK_PATH, first), { signal: AbortSignal.timeout(ASK_TIMEOUT_MS) });
  if (answer.status !== 200) return undefined;
  const told = (await answer.json()) as { readonly dataDir?: string };
  return told.dataDir;
}
