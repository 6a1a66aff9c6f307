import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Kubectl, kubectlPrograms } from '../support/kubectl.js';
import type { RunningKeelson } from '../support/running-keelson.js';
import { startApiServer } from '../support/start-api-server.js';
import { expectations } from './expectations.js';
import { isAppliedByClient, isAppliedByServer, isDeleted, isEdited, isReplaced } from './life.js';
import { type ManifestFile, manifestFiles } from './manifest-file.js';

const files = manifestFiles();

describe('manifests as people write them', () => {
  let server: RunningKeelson | undefined;
  let admin: Kubectl;

  beforeAll(async () => {
    server = await startApiServer({ backend: 'embedded', flags: { 'runtime-config': 'api/legacy=true' } });
    admin = newestKubectl(server);
    await admin.ok(['create', '--filename=-'], { input: namespacesFor(files) });
  });

  afterAll(() => server?.stop());

  it('are all expected to do something', () => {
    expect(Object.keys(expectations).sort()).toEqual(files.map(({ name }) => name));
  });

  const isAlone = ({ name }: ManifestFile) => expectations[name]?.alone !== undefined;
  const options = { timeout: 120_000 };
  it.concurrent.each(files.filter((file) => !isAlone(file)))('$name', options, (file) => live(file, admin));
  it.each(files.filter(isAlone))('$name', options, (file) => live(file, admin));
});

/** Leads a manifest through its life. */
async function live(file: ManifestFile, admin: Kubectl): Promise<void> {
  const expectation = expectations[file.name];
  if (expectation === undefined) throw new Error(`${file.name} is not in expectations.ts`);
  const subject = { file, expectation, kubectl: admin.in(file.namespace) };
  await isAppliedByClient(subject);
  await isAppliedByServer(subject);
  await isReplaced(subject, await isEdited(subject));
  await isDeleted(subject);
}

function newestKubectl(server: RunningKeelson): Kubectl {
  const [program] = kubectlPrograms();
  if (program === undefined) throw new Error('there is no kubectl');
  return new Kubectl(program, server);
}

function namespacesFor(files: readonly ManifestFile[]): object {
  const needed = files.filter(({ namesNamespace }) => !namesNamespace);
  const items = needed.map(({ namespace }) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }));
  return { apiVersion: 'v1', kind: 'List', items };
}
