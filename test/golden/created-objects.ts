import { jsonBody } from './answer.js';
import type { ApiRequest, RawAnswer } from './api-client.js';
import { valueAt } from './json-value.js';

const createdCode = 201;

/** Paths of the objects a case has created, to delete them afterwards. */
export class CreatedObjects {
  readonly #paths = new Set<string>();

  note({ method, path }: ApiRequest, answer: RawAnswer): void {
    if (answer.code !== createdCode || path.includes('dryRun=')) return;
    const [plainPath = ''] = path.split('?');
    const created = method === 'POST' ? pathInCollection(plainPath, answer) : plainPath;
    if (created !== undefined) this.#paths.add(created);
  }

  /** Those that define custom resources. */
  get definitions(): string[] {
    return [...this.#paths].filter((path) => path.includes('/customresourcedefinitions/'));
  }

  /** The last created first: what refers to others goes before them. */
  inReverse(): string[] {
    return [...this.#paths].reverse();
  }
}

function pathInCollection(collection: string, answer: RawAnswer): string | undefined {
  const body = jsonBody(answer);
  const name = valueAt(body, 'metadata.name');
  const stored = valueAt(body, 'metadata.resourceVersion') !== undefined;
  return stored && typeof name === 'string' ? `${collection}/${name}` : undefined;
}
