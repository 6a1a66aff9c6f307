import { join } from 'node:path';
import { ClientProcess } from './client-process.js';
import type { Load } from './load-client.js';
import { cpuMicroseconds } from './process-usage.js';
import { TOKEN } from './server-under-test.js';

/** A bare Node server and its client: what a request costs that does nothing. */
export class BareUnit {
  private constructor(
    private readonly server: ClientProcess,
    private readonly client: ClientProcess,
  ) {}

  static async start(programs: string, certificates: string): Promise<BareUnit> {
    const files = [join(certificates, 'apiserver.crt'), join(certificates, 'apiserver.key')];
    const { process: server, first } = await ClientProcess.start<{ port: number }>(join(programs, 'bare-server.mjs'), files);
    const url = `https://127.0.0.1:${first.port}`;
    const { process: client } = await ClientProcess.start(join(programs, 'load-client.mjs'), [url, TOKEN]);
    const unit = new BareUnit(server, client);
    await unit.measure(1000);
    return unit;
  }

  /** µs of one request. */
  async measure(forMs: number): Promise<number> {
    const before = cpuMicroseconds(this.server.pid);
    const { load } = await this.client.ask<{ load: Load }>({ scenario: 'get-rv0', forMs });
    return (cpuMicroseconds(this.server.pid) - before) / load.requests;
  }

  async stop(): Promise<void> {
    await this.client.stop();
    await this.server.stop();
  }
}
