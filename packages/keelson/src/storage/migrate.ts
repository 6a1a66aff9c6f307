import { KubeClient } from '@keelson/machinery';
import { defaultKubeconfig, readKubeconfig } from '@keelson/schema';
import type { Output } from '../output.js';
import { Checkpoint } from './checkpoint.js';
import { countsText, migrationDisplay } from './migration-display.js';
import { MigrationRun } from './migration-run.js';
import { findStoredResources, type ResourceChoice } from './stored-resources.js';

export interface MigrateOptions extends ResourceChoice {
  /** Empty: where kubectl looks. */
  readonly kubeconfig: string;
  readonly context: string;
  /** Empty: none. */
  readonly checkpoint: string;
}

/** Failures that are shown; all are counted. */
const shownFailures = 20;

/** Has what a cluster stores rewritten in the versions that it writes now. Throws when something could not be. */
export async function migrateStorage(options: MigrateOptions, output: Output): Promise<void> {
  const access = await readKubeconfig(options.kubeconfig || defaultKubeconfig(process.env), options.context);
  const client = new KubeClient(access);
  const checkpoint = new Checkpoint(options.checkpoint);
  try {
    const before = await checkpoint.load(access.server);
    const found = await findStoredResources(client, options);
    const run = new MigrationRun(client, checkpoint, migrationDisplay(output), before);
    const { counts, failures } = await run.migrate(found.resources);
    await checkpoint.remove();
    output.print(`${found.resources.length} resources: ${countsText(counts)}`);
    report([...found.failures, ...failures]);
  } finally {
    client.close();
  }
}

function report(failures: readonly string[]): void {
  if (failures.length === 0) return;
  const more = failures.length - shownFailures;
  const lines = [...failures.slice(0, shownFailures), ...(more > 0 ? [`and ${more} more`] : [])];
  throw new Error(`${failures.length} could not be migrated:\n${lines.map((line) => `  ${line}`).join('\n')}`);
}
