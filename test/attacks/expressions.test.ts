import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AttackedServer } from './attacked-server.js';

let server: AttackedServer;
beforeAll(async () => {
  server = await AttackedServer.start();
  await server.send({ method: 'POST', path: '/api/v1/namespaces', body: JSON.stringify({ metadata: { name: 'judged' } }) });
});
afterAll(() => server?.stop());

const group = '/apis/admissionregistration.k8s.io/v1';
const many = 'object.data.numbers.split(",")';
const numbers = Array.from({ length: 2000 }, (_, i) => i).join();
const text = 'a'.repeat(900_000);

/** Has each config map of a namespace judged by an expression. Resolves when it is. */
async function judgeBy(expression: string): Promise<void> {
  const post = (path: string, body: object) => server.send({ method: 'POST', path: `${group}/${path}`, body: JSON.stringify(body) });
  const rule = { apiGroups: [''], apiVersions: ['v1'], resources: ['configmaps'], operations: ['CREATE'] };
  await post('validatingadmissionpolicies', {
    metadata: { name: 'hostile' },
    spec: { matchConstraints: { resourceRules: [rule] }, validations: [{ expression }, { expression: 'false', message: 'judged' }] },
  });
  await post('validatingadmissionpolicybindings', {
    metadata: { name: 'hostile' },
    spec: {
      policyName: 'hostile',
      validationActions: ['Deny'],
      matchResources: { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'judged' } } },
    },
  });
  while ((await attack({ numbers: '' }))[0] !== 422);
}

async function forget(): Promise<void> {
  for (const kind of ['validatingadmissionpolicybindings', 'validatingadmissionpolicies']) {
    await server.send({ method: 'DELETE', path: `${group}/${kind}/hostile` });
  }
  while ((await attack({ numbers: '' }))[0] !== 201);
}

function attack(data: Readonly<Record<string, string>>): Promise<readonly [number, string]> {
  const path = '/api/v1/namespaces/judged/configmaps';
  return server.outcome({ method: 'POST', path, body: JSON.stringify({ metadata: { generateName: 'a-' }, data: { text: '', ...data } }) });
}

describe('an expression', () => {
  it.each([
    ['of loops in loops', `${many}.all(a, ${many}.all(b, ${many}.all(c, a + b + c != "")))`, 'operation '],
    [
      'that matches at great length',
      'object.data.text.matches("(a?[ab]{100}){5}$")',
      'the pattern is too complex for a text of this length',
    ],
    ['that finds everything', 'object.data.text.findAll("a").size() > 0', 'a text cannot have more than 65536 matches'],
    ['that doubles its text', `[object.data.text]${'.map(t, t + t)'.repeat(30)}.size() > 0`, 'values are too large'],
    ['that costs nothing and makes much', `${many}.map(n, "%s%s".format([object.data.text, n])).size() > 0`, 'operation interrupted'],
    ['that reads quantities', `${many}.all(a, ${many}.all(b, quantity(a + "Gi").isGreaterThan(quantity(b + "Gi")) || true))`, 'operation '],
  ])('%s is broken off while others are served', async (_, expression, why) => {
    await judgeBy(expression);
    try {
      await server.meanwhile(async () => {
        const outcomes = await Promise.all([1, 2, 3].map(() => attack({ numbers, text })));
        expect(outcomes.map(([code, message]) => [code, message.includes(why) ? why : message])).toEqual([1, 2, 3].map(() => [422, why]));
      });
    } finally {
      await forget();
    }
  });
});
