import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { optionsFromFlags } from './apiserver/from-flags/options-from-flags.js';
import { apiServerFlags } from './flags/apiserver-flags.js';
import { parseFlags } from './flags/parse-flags.js';
import { clusterCertificates } from './pki/cluster-certificates.js';
import { etcdTuning } from './up/cluster-plan.js';

const root = new URL('../../../', import.meta.url);
const text = (path: string) => readFile(new URL(path, root), 'utf8');

/** Every file a cluster's PKI holds. */
const pkiFiles = new Set([
  'sa.key',
  'sa.pub',
  ...clusterCertificates({ server: { dns: [], ips: [] }, serviceIps: [], etcd: { dns: [], ips: [] } }).flatMap((spec) => [
    `${spec.path}.crt`,
    `${spec.path}.key`,
    ...(spec.kind === 'leaf' && spec.combined === true ? [`${spec.path}.pem`] : []),
  ]),
]);

/** Paths below the PKI directory that a text names and that no PKI holds. */
const unknownPkiFiles = (content: string) =>
  [...content.matchAll(/\/pki\/([\w./-]+)/g)].map(([, path = '']) => path).filter((path) => !pkiFiles.has(path));

function serverOptions(args: readonly string[]) {
  const flags = parseFlags(apiServerFlags, args.slice(args.indexOf('apiserver') + 1));
  expect(flags.positional).toEqual([]);
  return optionsFromFlags(flags);
}

interface Service {
  readonly command?: readonly string[];
  readonly depends_on?: Readonly<Record<string, unknown>>;
  readonly environment?: Readonly<Record<string, string>>;
  readonly volumes?: readonly string[];
  readonly build?: { readonly context: string; readonly dockerfile: string };
}

interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

describe('docker-compose.yml', async () => {
  const content = await text('docker-compose.yml');
  const compose: Compose = parse(content, { merge: true });
  const services = Object.entries(compose.services);

  it('runs three etcd members, three API servers, HAProxy and a service that makes the certificates', () => {
    expect(services.map(([name]) => name)).toEqual([
      'pki',
      ...[0, 1, 2].map((index) => `etcd-${index}`),
      ...[0, 1, 2].map((index) => `apiserver-${index}`),
      'haproxy',
    ]);
  });

  it('refers only to services, volumes and files that exist', () => {
    for (const [, service] of services) {
      expect(Object.keys(service.depends_on ?? {}).filter((name) => !(name in compose.services))).toEqual([]);
      for (const volume of service.volumes ?? []) {
        const [source = ''] = volume.split(':');
        expect(source.startsWith('./') ? existsSync(fileURLToPath(new URL(source, root))) : source in compose.volumes).toBe(true);
      }
    }
    expect(compose.services.pki?.build).toEqual({ context: '.', dockerfile: 'deploy/Dockerfile' });
    expect(existsSync(fileURLToPath(new URL('deploy/Dockerfile', root)))).toBe(true);
    expect(unknownPkiFiles(content.replaceAll('/pki/admin.conf', ''))).toEqual([]);
  });

  it('starts API servers with flags they take, on every etcd member', () => {
    for (const index of [0, 1, 2]) {
      const { storage, shutdown } = serverOptions(compose.services[`apiserver-${index}`]?.command ?? []);
      expect(storage).toMatchObject({ servers: [0, 1, 2].map((member) => `https://etcd-${member}:2379`) });
      expect(shutdown).toMatchObject({ delayMs: 3000, sendRetryAfter: true });
    }
  });

  it('names each etcd member after its service', () => {
    for (const index of [0, 1, 2]) {
      const environment = compose.services[`etcd-${index}`]?.environment;
      expect(environment).toMatchObject({
        ETCD_NAME: `etcd-${index}`,
        ETCD_ADVERTISE_CLIENT_URLS: `https://etcd-${index}:2379`,
        ETCD_INITIAL_ADVERTISE_PEER_URLS: `https://etcd-${index}:2380`,
        ETCD_INITIAL_CLUSTER: [0, 1, 2].map((member) => `etcd-${member}=https://etcd-${member}:2380`).join(','),
        ETCD_CLIENT_CERT_AUTH: 'true',
      });
    }
  });

  it('tunes etcd as `keelson up --masters` does', () => {
    for (const flag of etcdTuning) {
      const [name = '', value] = flag.slice(2).split('=');
      const variable = `ETCD_${name.toUpperCase().replaceAll('-', '_')}`;
      for (const index of [0, 1, 2]) expect(compose.services[`etcd-${index}`]?.environment?.[variable]).toBe(value);
    }
  });

  it('makes certificates for every name that is called', () => {
    const command = compose.services.pki?.command ?? [];
    expect(command).toContain('--san=apiserver-0,apiserver-1,apiserver-2,haproxy');
    expect(command).toContain('--etcd-san=etcd-0,etcd-1,etcd-2');
  });
});

describe('the systemd unit', async () => {
  const unit = await text('deploy/keelson-apiserver.service');

  it('starts the server with flags it takes', () => {
    const command = /^ExecStart=((?:.*\\\n)*.*)$/m.exec(unit)?.[1] ?? '';
    const options = serverOptions(command.split(/[\s\\]+/));
    expect(options.services.clusterIpRanges).toEqual(['10.96.0.0/12']);
    expect(unknownPkiFiles(unit)).toEqual([]);
  });
});

describe('the static pod manifest', async () => {
  const content = await text('deploy/keelson-apiserver.yaml');

  it('starts the server with flags it takes', () => {
    const [container] = parse(content).spec.containers;
    const options = serverOptions(container.command);
    expect(options.serving).toMatchObject({ advertiseAddress: '10.0.0.10', port: 6443, generateCertificate: false });
    expect(unknownPkiFiles(content)).toEqual([]);
  });

  it('mounts what it reads', () => {
    const { containers, volumes } = parse(content).spec;
    const mounted = containers[0].volumeMounts.map(({ name }: { name: string }) => name);
    expect(volumes.map(({ name }: { name: string }) => name)).toEqual(mounted);
  });
});
