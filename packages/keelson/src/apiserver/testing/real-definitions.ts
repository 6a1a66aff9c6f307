/**
 * Definitions in the shapes that those of widely used projects have, with the parts of their schemas that differ from each
 * other: deep structures, lists by keys, rules, numbers that may be texts, parts that nobody describes.
 */
export interface RealDefinition {
  readonly group: string;
  readonly plural: string;
  readonly kind: string;
  readonly version: string;
  readonly schema: object;
  readonly valid: object;
  /** What is wrong with a spec, in the words of the answer. */
  readonly invalid: readonly (readonly [spec: object, message: string])[];
}

const text = (more: object = {}) => ({ type: 'string', ...more });
const list = (items: object, more: object = {}) => ({ type: 'array', items, ...more });
const object = (properties: object, more: object = {}) => ({ type: 'object', properties, ...more });
const mapList = (keys: readonly string[], items: object, more: object = {}) =>
  list(items, { 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': keys, ...more });
const conditions = mapList(
  ['type'],
  object(
    {
      type: text({ maxLength: 316 }),
      status: text({ enum: ['True', 'False', 'Unknown'] }),
      reason: text({ maxLength: 1024, minLength: 1 }),
      message: text({ maxLength: 32768 }),
      lastTransitionTime: text({ format: 'date-time' }),
    },
    { required: ['type', 'status'] },
  ),
);

const secretRef = object({ name: text(), key: text() }, { required: ['name'] });

/** As cert-manager's Certificate: many optional parts, enumerations, durations as texts. */
const certificate: RealDefinition = {
  group: 'certs.example.com',
  plural: 'certificates',
  kind: 'Certificate',
  version: 'v1',
  schema: object({
    spec: object(
      {
        secretName: text(),
        commonName: text(),
        dnsNames: list(text()),
        duration: text(),
        isCA: { type: 'boolean' },
        issuerRef: object({ name: text(), kind: text(), group: text() }, { required: ['name'] }),
        keystores: object({ jks: object({ create: { type: 'boolean' }, passwordSecretRef: secretRef }, { required: ['create'] }) }),
        privateKey: object({
          algorithm: text({ enum: ['RSA', 'ECDSA', 'Ed25519'] }),
          rotationPolicy: text({ enum: ['Never', 'Always'], default: 'Always' }),
          size: { type: 'integer', maximum: 8192, minimum: 0 },
        }),
        secretTemplate: object({ annotations: { type: 'object', additionalProperties: text() } }),
        usages: list(text({ enum: ['signing', 'digital signature', 'server auth', 'client auth'] })),
      },
      { required: ['issuerRef', 'secretName'] },
    ),
    status: object({ conditions, notAfter: text({ format: 'date-time' }), revision: { type: 'integer' } }),
  }),
  valid: {
    secretName: 'tls',
    issuerRef: { name: 'ca' },
    privateKey: { algorithm: 'ECDSA' },
    secretTemplate: { annotations: { 'a/b': 'c' } },
  },
  invalid: [
    [{ secretName: 'tls' }, 'spec.issuerRef: Required value'],
    [
      { secretName: 'tls', issuerRef: { name: 'ca' }, privateKey: { algorithm: 'DSA' } },
      'spec.privateKey.algorithm: Unsupported value: "DSA": supported values: "RSA", "ECDSA", "Ed25519"',
    ],
    [
      { secretName: 'tls', issuerRef: { name: 'ca' }, keystores: { jks: { passwordSecretRef: { key: 'k' } } } },
      '[spec.keystores.jks.passwordSecretRef.name: Required value, spec.keystores.jks.create: Required value]',
    ],
  ],
};

const quantity = {
  'x-kubernetes-int-or-string': true,
  anyOf: [{ type: 'integer' }, { type: 'string' }],
  pattern: '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$',
};

/** As the Prometheus operator's: amounts and ports that are numbers or texts, selectors that are replaced as a whole. */
const monitor: RealDefinition = {
  group: 'monitoring.example.com',
  plural: 'monitors',
  kind: 'Monitor',
  version: 'v1',
  schema: object({
    spec: object(
      {
        endpoints: list(
          object({
            port: text(),
            targetPort: { 'x-kubernetes-int-or-string': true, anyOf: [{ type: 'integer' }, { type: 'string' }] },
            interval: text({ pattern: '^(0|(([0-9]+)y)?(([0-9]+)w)?(([0-9]+)d)?(([0-9]+)h)?(([0-9]+)m)?(([0-9]+)s)?(([0-9]+)ms)?)$' }),
            scheme: text({ enum: ['http', 'https'] }),
            basicAuth: object({ password: { ...secretRef, 'x-kubernetes-map-type': 'atomic' } }),
          }),
        ),
        selector: object(
          {
            matchLabels: { type: 'object', additionalProperties: text() },
            matchExpressions: list(
              object(
                { key: text(), operator: text(), values: list(text(), { 'x-kubernetes-list-type': 'atomic' }) },
                { required: ['key', 'operator'] },
              ),
              { 'x-kubernetes-list-type': 'atomic' },
            ),
          },
          { 'x-kubernetes-map-type': 'atomic' },
        ),
        resources: object({ limits: { type: 'object', additionalProperties: quantity } }),
      },
      { required: ['endpoints', 'selector'] },
    ),
  }),
  valid: {
    endpoints: [{ targetPort: 80, interval: '1m30s' }, { targetPort: 'web' }],
    selector: {},
    resources: { limits: { cpu: '500m', memory: 1024 } },
  },
  invalid: [
    [
      { endpoints: [{ interval: 'often' }], selector: {} },
      `spec.endpoints[0].interval: Invalid value: "often": spec.endpoints[0].interval in body should match '^(0|(([0-9]+)y)?(([0-9]+)w)?(([0-9]+)d)?(([0-9]+)h)?(([0-9]+)m)?(([0-9]+)s)?(([0-9]+)ms)?)$'`,
    ],
    [
      { endpoints: [], selector: {}, resources: { limits: { cpu: 'lots' } } },
      `spec.resources.limits.cpu: Invalid value: "lots": spec.resources.limits.cpu in body should match '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'`,
    ],
  ],
};

/** As a composition of Crossplane: parts that are objects of any kind, and parts that nobody describes. */
const composition: RealDefinition = {
  group: 'compose.example.com',
  plural: 'compositions',
  kind: 'Composition',
  version: 'v1',
  schema: object({
    spec: object(
      {
        mode: text({ enum: ['Pipeline'], default: 'Pipeline' }),
        compositeTypeRef: object(
          { apiVersion: text(), kind: text() },
          { required: ['apiVersion', 'kind'], 'x-kubernetes-validations': [{ rule: 'self == oldSelf', message: 'Value is immutable' }] },
        ),
        pipeline: mapList(
          ['step'],
          object(
            {
              step: text(),
              functionRef: object({ name: text() }, { required: ['name'] }),
              input: { type: 'object', 'x-kubernetes-embedded-resource': true, 'x-kubernetes-preserve-unknown-fields': true },
            },
            { required: ['step', 'functionRef'] },
          ),
          { minItems: 1, maxItems: 99 },
        ),
      },
      { required: ['compositeTypeRef', 'pipeline'] },
    ),
  }),
  valid: {
    compositeTypeRef: { apiVersion: 'x/v1', kind: 'X' },
    pipeline: [{ step: 'a', functionRef: { name: 'f' }, input: { apiVersion: 'fn/v1', kind: 'Input', anything: { goes: [1, 2] } } }],
  },
  invalid: [
    [
      { compositeTypeRef: { apiVersion: 'x/v1', kind: 'X' }, pipeline: [] },
      'spec.pipeline: Invalid value: 0: spec.pipeline in body should have at least 1 items',
    ],
    [
      {
        compositeTypeRef: { apiVersion: 'x/v1', kind: 'X' },
        pipeline: [
          { step: 'a', functionRef: { name: 'f' } },
          { step: 'a', functionRef: { name: 'g' } },
        ],
      },
      'spec.pipeline[1]: Duplicate value: {"step":"a"}',
    ],
    [
      {
        compositeTypeRef: { apiVersion: 'x/v1', kind: 'X' },
        pipeline: [{ step: 'a', functionRef: { name: 'f' }, input: { kind: 'Input' } }],
      },
      '[spec.pipeline[0].input.apiVersion: Required value, <nil>: Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing errors to complete validation]',
    ],
  ],
};

const hostname = text({
  maxLength: 253,
  minLength: 1,
  pattern: '^(\\*\\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$',
});

/** As a route of the Gateway API: bounded lists with rules over them, which must stay within their costs. */
const route: RealDefinition = {
  group: 'gateways.example.com',
  plural: 'routes',
  kind: 'Route',
  version: 'v1',
  schema: object(
    {
      spec: object({
        hostnames: list(hostname, { maxItems: 16 }),
        parentRefs: list(
          object(
            {
              name: text({ maxLength: 253, minLength: 1 }),
              sectionName: text({ maxLength: 253 }),
              port: { type: 'integer', format: 'int32', maximum: 65535, minimum: 1 },
            },
            { required: ['name'] },
          ),
          {
            maxItems: 32,
            'x-kubernetes-list-type': 'atomic',
            'x-kubernetes-validations': [
              {
                message: 'sectionName must be unique when parentRefs includes 2 or more references to the same parent',
                rule: 'self.all(p1, self.exists_one(p2, p1.name == p2.name && ((!has(p1.sectionName) && !has(p2.sectionName)) || (has(p1.sectionName) && has(p2.sectionName) && p1.sectionName == p2.sectionName))))',
              },
            ],
          },
        ),
        rules: list(
          object({
            matches: list(
              object({
                path: object(
                  { type: text({ enum: ['Exact', 'PathPrefix'], default: 'PathPrefix' }), value: text({ maxLength: 1024, default: '/' }) },
                  {
                    default: { type: 'PathPrefix', value: '/' },
                    'x-kubernetes-validations': [
                      { rule: "self.value.startsWith('/')", message: "value must be an absolute path and start with '/'" },
                      { rule: "!self.value.contains('//')", message: "must not contain '//'" },
                    ],
                  },
                ),
              }),
              { maxItems: 8, default: [{ path: { type: 'PathPrefix', value: '/' } }] },
            ),
            timeouts: object(
              {
                request: text({ pattern: '^([0-9]{1,5}(h|m|s|ms)){1,4}$' }),
                backendRequest: text({ pattern: '^([0-9]{1,5}(h|m|s|ms)){1,4}$' }),
              },
              {
                'x-kubernetes-validations': [
                  {
                    message: 'backendRequest timeout cannot be longer than request timeout',
                    rule: "!(has(self.request) && has(self.backendRequest) && duration(self.request) != duration('0s') && duration(self.backendRequest) > duration(self.request))",
                  },
                ],
              },
            ),
          }),
          { maxItems: 16, default: [{ matches: [{ path: { type: 'PathPrefix', value: '/' } }] }] },
        ),
      }),
      status: object({ parents: list(object({ controllerName: text(), conditions }), { maxItems: 32 }) }),
    },
    { required: ['spec'] },
  ),
  valid: {
    hostnames: ['*.example.com'],
    parentRefs: [
      { name: 'gw', sectionName: 'a' },
      { name: 'gw', sectionName: 'b' },
    ],
  },
  invalid: [
    [
      { parentRefs: [{ name: 'gw' }, { name: 'gw' }] },
      'spec.parentRefs: Invalid value: "array": sectionName must be unique when parentRefs includes 2 or more references to the same parent',
    ],
    [
      { rules: [{ matches: [{ path: { value: 'x//y' } }] }] },
      `[spec.rules[0].matches[0].path: Invalid value: "object": value must be an absolute path and start with '/', spec.rules[0].matches[0].path: Invalid value: "object": must not contain '//']`,
    ],
    [
      { rules: [{ timeouts: { request: '1s', backendRequest: '2s' } }] },
      'spec.rules[0].timeouts: Invalid value: "object": backendRequest timeout cannot be longer than request timeout',
    ],
  ],
};

export const realDefinitions: readonly RealDefinition[] = [certificate, monitor, composition, route];
