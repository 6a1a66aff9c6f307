import { readFile } from 'node:fs/promises';
import type { Egress } from '@keelson/machinery';
import {
  type AuditBackend,
  Auditing,
  type AuditMetrics,
  type AuditOutput,
  AuditPolicy,
  BatchingBackend,
  BlockingBackend,
  type Log,
  LogOutput,
  LostEvents,
  RotatingFile,
  readPolicy,
  standardOutput,
  TruncatingBackend,
  UnionBackend,
  WebhookOutput,
} from '@keelson/server';
import { kubeconfigServer } from '../kubeconfig-server.js';
import type { AuditDeliveryOptions, AuditLogOptions, AuditOptions, AuditWebhookOptions } from '../options.js';

/** The file takes what waits for it in one write; a webhook that is slow is not to be asked more often at once than a burst allows. */
const concurrency = { log: 64, webhook: 15 } as const;

/** Undefined when nothing is audited. */
export async function buildAuditing(options: AuditOptions, metrics: AuditMetrics, egress: Egress, log: Log): Promise<Auditing | undefined> {
  const policy = options.policyFile === undefined ? undefined : await loadPolicy(options.policyFile, log);
  const lost = new LostEvents(metrics, log);
  const backends: AuditBackend[] = [];
  if (options.log !== undefined) {
    if (policy === undefined) log.info(2, 'No audit policy file provided, no events will be recorded for log backend');
    else backends.push(delivered(await logOutput(options.log, log), options.log.delivery, lost));
  }
  if (options.webhook !== undefined) {
    if (policy === undefined) log.info(2, 'No audit policy file provided, no events will be recorded for webhook backend');
    else backends.push(delivered(await webhookOutput(options.webhook, egress), options.webhook.delivery, lost));
  }
  if (policy === undefined || backends[0] === undefined) return undefined;
  return new Auditing({ policy, metrics, backend: backends.length === 1 ? backends[0] : new UnionBackend(backends) });
}

async function loadPolicy(file: string, log: Log): Promise<AuditPolicy> {
  const text = await readFile(file).catch((error: Error) => {
    throw new Error(`loading audit policy file: failed to read file path ${JSON.stringify(file)}: ${error.message}`);
  });
  try {
    const { policy, warning } = readPolicy(text);
    if (warning !== undefined) log.warn(warning);
    return new AuditPolicy(policy);
  } catch (error) {
    throw new Error(`loading audit policy file: ${error instanceof Error ? error.message : error}: from file ${file}`);
  }
}

async function logOutput({ path, format, ...file }: AuditLogOptions, log: Log): Promise<AuditOutput> {
  if (path === '-') return new LogOutput(standardOutput, format);
  const onFailure = (error: unknown) => log.error('a rotated audit log could not be tidied up', { error });
  return new LogOutput(await RotatingFile.open({ path, ...file, onFailure }), format);
}

async function webhookOutput({ configFile, initialBackoffMs }: AuditWebhookOptions, egress: Egress): Promise<AuditOutput> {
  try {
    return new WebhookOutput(await kubeconfigServer(configFile, egress), { initialBackoffMs });
  } catch (error) {
    throw new Error(`initializing audit webhook: ${error instanceof Error ? error.message : error}`);
  }
}

function delivered(output: AuditOutput, { mode, truncate, ...batching }: AuditDeliveryOptions, lost: LostEvents): AuditBackend {
  const maxBatchBytes = truncate?.maxBatchBytes ?? Number.POSITIVE_INFINITY;
  const backend =
    mode === 'batch'
      ? new BatchingBackend(output, lost, { ...batching, maxBatchBytes, concurrency: concurrency[output.name] })
      : new BlockingBackend(output, lost, mode === 'blocking-strict');
  return truncate === undefined ? backend : new TruncatingBackend(backend, truncate.maxEventBytes, lost);
}
