import { hostname } from 'node:os';
import { cpuUsage, memoryUsage } from 'node:process';
import { serve } from '@keelson/sdk';
import { nodeMetrics } from './node-metrics.js';
import { Samples } from './samples.js';

const EVERY_MS = 15_000;

const samples = new Samples();
let last = cpuUsage();

function sample(): void {
  const { user, system } = cpuUsage(last);
  last = cpuUsage();
  const cpu = `${Math.round((user + system) / EVERY_MS)}m`;
  samples.record(hostname(), { cpu, memory: `${Math.round(memoryUsage.rss() / 1024)}Ki` });
}

sample();
setInterval(sample, EVERY_MS).unref();
await serve({ resources: [nodeMetrics(samples)], port: Number(process.env.PORT ?? 8443) });
