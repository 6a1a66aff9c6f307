import { ApiError, conflict, expired, notFound } from '@keelson/machinery';
import { describe, expect, it } from 'vitest';
import { type MigratedObject, type MigratedResource, migrateObjects, type ObjectPage, type PageOutcome } from './migrate-objects.js';

const configMaps = { group: '', resource: 'configmaps' };

/** A resource of numbered objects, of which every third is current; `refuse` says what happens to the write of one. */
class NumberedResource implements MigratedResource {
  readonly asked: string[] = [];
  readonly touched: number[] = [];
  running = 0;
  mostRunning = 0;

  constructor(
    readonly count: number,
    readonly refuse: (at: number, attempt: number) => Error | undefined = () => undefined,
  ) {}

  async page(continueToken = '0', limit: number): Promise<ObjectPage> {
    this.asked.push(continueToken);
    const start = Number(continueToken.replace('inconsistent ', ''));
    const end = Math.min(start + limit, this.count);
    const objects = Array.from({ length: end - start }, (_, at) => ({ namespace: 'a', name: String(start + at), resourceVersion: '1' }));
    return { objects, ...(end < this.count && { continueToken: String(end), remaining: this.count - end }) };
  }

  async touch({ name }: MigratedObject): Promise<string> {
    const at = Number(name);
    this.running++;
    this.mostRunning = Math.max(this.mostRunning, this.running);
    await new Promise(setImmediate);
    this.running--;
    this.touched.push(at);
    const refusal = this.refuse(at, this.touched.filter((one) => one === at).length);
    if (refusal !== undefined) throw refusal;
    return at % 3 === 0 ? '1' : '2';
  }
}

async function migrate(resource: MigratedResource, continueToken?: string): Promise<PageOutcome[]> {
  const pages: PageOutcome[] = [];
  await migrateObjects(resource, { continueToken, onPage: (page) => void pages.push(page) });
  return pages;
}

const inOrder = (numbers: readonly number[]) => [...numbers].sort((a, b) => a - b);
const upTo = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => from + at);

describe('a migration', () => {
  it('touches every object once, a few at a time, and tells of each page', async () => {
    const resource = new NumberedResource(250);
    expect(await migrate(resource)).toEqual([
      { rewritten: 66, unchanged: 34, gone: 0, failures: [], continueToken: '100', remaining: 150 },
      { rewritten: 67, unchanged: 33, gone: 0, failures: [], continueToken: '200', remaining: 50 },
      { rewritten: 33, unchanged: 17, gone: 0, failures: [], continueToken: undefined, remaining: undefined },
    ]);
    expect(inOrder(resource.touched)).toEqual(upTo(0, 250));
    expect(resource.mostRunning).toBe(5);
  });

  it('goes on where another one has come to', async () => {
    const resource = new NumberedResource(250);
    await migrate(resource, '200');
    expect(inOrder(resource.touched)).toEqual(upTo(200, 250));
  });

  it('has nothing to do without objects', async () => {
    expect(await migrate(new NumberedResource(0))).toEqual([
      { rewritten: 0, unchanged: 0, gone: 0, failures: [], continueToken: undefined, remaining: undefined },
    ]);
  });

  it('ends a list that history no longer has at the latest state', async () => {
    class Compacted extends NumberedResource {
      override page(continueToken: string | undefined, limit: number): Promise<ObjectPage> {
        if (continueToken !== '100') return super.page(continueToken, limit);
        const error = expired('too old');
        error.status.metadata.continue = 'inconsistent 100';
        this.asked.push(continueToken);
        return Promise.reject(error);
      }
    }
    const resource = new Compacted(150);
    await migrate(resource);
    expect(resource.asked).toEqual(['0', '100', 'inconsistent 100']);
    expect(inOrder(resource.touched)).toEqual(upTo(0, 150));
  });

  it('begins again where the server says no more than that the list is too old', async () => {
    class Compacted extends NumberedResource {
      override page(continueToken: string | undefined, limit: number): Promise<ObjectPage> {
        return continueToken === 'old' ? Promise.reject(expired('too old')) : super.page(continueToken, limit);
      }
    }
    const resource = new Compacted(50);
    await migrate(resource, 'old');
    expect(inOrder(resource.touched)).toEqual(upTo(0, 50));
    await expect(
      migrate(
        new (class extends NumberedResource {
          override page = () => Promise.reject(expired('too old'));
        })(1),
      ),
    ).rejects.toThrow('too old');
  });

  it('tries conflicts again, and leaves what is gone', async () => {
    const resource = new NumberedResource(10, (at, attempt) => {
      if (at === 1 && attempt < 5) return conflict(configMaps, '1', 'changed');
      return at === 2 ? notFound(configMaps, '2') : undefined;
    });
    expect(await migrate(resource)).toMatchObject([{ rewritten: 5, unchanged: 4, gone: 1, failures: [] }]);
    expect(resource.touched.filter((at) => at === 1)).toHaveLength(5);
  });

  it('goes on after an object that cannot be written', async () => {
    const refused = new ApiError(422, 'Invalid', 'no good');
    const hotly = conflict(configMaps, '4', 'changed');
    const resource = new NumberedResource(120, (at) => (at === 2 ? refused : at === 4 ? hotly : undefined));
    const [first, second] = await migrate(resource);
    expect(first).toMatchObject({ rewritten: 64, unchanged: 34 });
    expect(new Map(first?.failures.map(({ object, error }) => [object.name, error]))).toEqual(
      new Map([
        ['2', refused],
        ['4', hotly],
      ]),
    );
    expect(second).toMatchObject({ rewritten: 14, unchanged: 6, failures: [] });
  });

  it.each([
    ['a broken connection', new Error('ECONNRESET')],
    ['an error of the server', new ApiError(500, 'InternalError', 'broken')],
    ['a server that is too busy', new ApiError(429, 'TooManyRequests', 'later')],
    ['credentials that have ended', new ApiError(401, 'Unauthorized', 'who?')],
  ])('ends with %s', async (_, error) => {
    const resource = new NumberedResource(1000, (at) => (at === 150 ? error : undefined));
    await expect(migrate(resource)).rejects.toBe(error);
    expect(resource.touched.length).toBeLessThan(160);
    expect(resource.running).toBe(0);
  });

  it('ends when it is told to', async () => {
    const stopping = new AbortController();
    const resource = new NumberedResource(1000, (at) => {
      if (at === 50) stopping.abort(new Error('stopped'));
      return undefined;
    });
    await expect(migrateObjects(resource, { signal: stopping.signal, onPage: () => undefined })).rejects.toThrow('stopped');
    expect(resource.touched.length).toBeLessThan(60);
  });
});
