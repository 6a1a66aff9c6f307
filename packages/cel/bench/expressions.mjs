// What expressions cost: to compile them once, and to evaluate them for each request.
// Build first; then: node packages/cel/bench/expressions.mjs
import { admissionEnvironments, BOOL, compileExpression } from '@keelson/cel';

const rounds = 9;
const callsPerRound = 2000;

/** CPU time, best of several rounds, in microseconds per call: noise only ever adds. */
function measure(call) {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round++) {
    const start = process.cpuUsage();
    for (let i = 0; i < callsPerRound; i++) call();
    const { user, system } = process.cpuUsage(start);
    best = Math.min(best, (user + system) / callsPerRound);
  }
  return best;
}

const container = (i) => ({
  name: `c${i}`,
  image: `registry.example.com/team/app-${i}:v1.2.3`,
  securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
  resources: { limits: { memory: '128Mi', cpu: '500m' } },
});
const object = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web', namespace: 'shop', labels: { app: 'web', team: 'a' } },
  spec: { replicas: 3, containers: [0, 1, 2].map(container) },
};
const bindings = { object, oldObject: null, request: { operation: 'CREATE', userInfo: { username: 'alice', groups: ['a', 'b'] } } };

const expressions = {
  'one comparison': 'object.spec.replicas <= 5',
  'labels and name': "has(object.metadata.labels) && 'app' in object.metadata.labels && object.metadata.name.startsWith('we')",
  'three containers': `object.spec.containers.all(c,
    has(c.securityContext) && c.securityContext.allowPrivilegeEscalation == false &&
    c.securityContext.capabilities.drop.exists(d, d == 'ALL') &&
    c.image.matches('^registry[.]example[.]com/'))`,
  quantities: "object.spec.containers.all(c, quantity(c.resources.limits.memory).compareTo(quantity('1Gi')) <= 0)",
};

const { forNew } = admissionEnvironments({ params: false, authorizer: true });
console.log('microseconds:'.padEnd(24), 'compile'.padStart(9), 'evaluate'.padStart(9), '  cost');
for (const [name, text] of Object.entries(expressions)) {
  const { program, problem } = compileExpression(text, forNew, BOOL);
  if (program === undefined) throw new Error(problem);
  const { value, error, cost } = program.evaluate(bindings);
  if (value !== true) throw new Error(error ?? `${name} is false`);
  const compiling = measure(() => compileExpression(text, forNew, BOOL));
  const evaluating = measure(() => program.evaluate(bindings));
  console.log(name.padEnd(24), compiling.toFixed(1).padStart(9), evaluating.toFixed(2).padStart(9), String(cost).padStart(6));
}
