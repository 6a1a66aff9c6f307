import type { TestServer } from './start-test-server.js';

/** The samples of one metric, without its name and without those that are 0: `{labels} value`. */
export async function scraped({ client }: TestServer, name: string, path = '/metrics'): Promise<string[]> {
  const { text } = await client.get(path);
  return text
    .split('\n')
    .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
    .filter((line) => !line.endsWith(' 0'))
    .map((line) => line.slice(name.length));
}
