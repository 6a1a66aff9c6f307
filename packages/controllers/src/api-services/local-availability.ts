import { API_SERVICES, type APIService, type Verdict } from '@keelson/aggregator';
import type { ControllerAccess } from '../controller-access.js';
import { ObjectLoop } from '../object-loop.js';
import { tellAvailability, tells } from './tell-availability.js';

const LOCAL: Verdict = { status: 'True', reason: 'Local', message: 'Local APIServices are always available' };

/** Says of what this server serves itself that it is there. */
export class LocalAvailability {
  readonly #loop: ObjectLoop;

  constructor({ objects, client, onFailure, queues }: ControllerAccess) {
    const source = {
      resource: API_SERVICES,
      keysOf: ({ metadata: { name = '' } }: { metadata: { name?: string } }, gone: boolean) => (gone ? [] : [name]),
    };
    const work = async (name: string) => {
      const apiService = (await client.get(API_SERVICES, '', name, { at: 'any' })) as APIService | undefined;
      if (apiService === undefined || apiService.spec.service !== undefined || tells(apiService, LOCAL)) return;
      await tellAvailability(client, apiService, LOCAL);
    };
    this.#loop = new ObjectLoop({ objects, sources: [source], work, onFailure, instruments: queues?.of('LocalAvailabilityController') });
  }

  start(): Promise<void> {
    return this.#loop.start();
  }

  stop(): Promise<void> {
    return this.#loop.stop();
  }
}
