import type { RemoteAnswer } from '@keelson/machinery';

/** A JSON document that a provider has answered with. Throws `failure` and what is wrong otherwise. */
export function providerDocument(answer: RemoteAnswer, refused: string, undecodable: string): unknown {
  const body = answer.body.toString();
  if (answer.code !== 200) throw new Error(`${refused}${answer.code}: ${body.slice(0, 1_000)}`);
  try {
    return JSON.parse(body);
  } catch (error) {
    throw new Error(`${undecodable}: ${error instanceof Error ? error.message : error}`);
  }
}
