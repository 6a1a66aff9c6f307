import { once } from 'node:events';
import { startApiServer } from './start-api-server.js';
import { startCluster } from './start-cluster.js';

/** Runs a server for people who develop tests, until a signal. */
export async function serve([kind = 'embedded', ...args]: readonly string[]): Promise<void> {
  const flags = Object.fromEntries(args.map((arg) => /^--([^=]+)=(.*)$/.exec(arg)?.slice(1) as [string, string]));
  const isMasters = /^\d+$/.test(kind);
  const server = isMasters
    ? await startCluster({ masters: Number(kind), flags })
    : await startApiServer({ backend: kind === 'etcd' ? 'etcd' : 'embedded', flags });
  const golden = [
    '--url',
    server.url,
    '--ca',
    server.caFile,
    ...(server.etcd?.ca === undefined && server.etcd ? ['--etcd', server.etcd.url] : []),
  ];
  console.log(`export KUBECONFIG=${server.kubeconfig}\nnode test/golden/run.mjs ${golden.join(' ')}\nlog: ${server.process.logFile}`);
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  await server.stop();
}
