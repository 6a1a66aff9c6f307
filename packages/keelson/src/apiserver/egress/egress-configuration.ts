import { readFile } from 'node:fs/promises';
import { aggregate } from '@keelson/machinery';
import { readConfiguration, shape } from '@keelson/schema';
import { validateEgressConfiguration } from './validate-egress-configuration.js';

const { fields, listOf, text } = shape;

const connection = fields({
  proxyProtocol: text,
  transport: fields({
    tcp: fields({ url: text, tlsConfig: fields({ caBundle: text, clientKey: text, clientCert: text }) }),
    uds: fields({ udsName: text }),
  }),
});

const configuration = fields({ egressSelections: listOf(fields({ name: text, connection })) });

/** What `--egress-selector-config-file` configures (KEP-1281). */
export type EgressConfiguration = shape.Shaped<typeof configuration>;
export type EgressConnection = shape.Shaped<typeof connection>;

const kind = {
  kind: 'EgressSelectorConfiguration',
  apiVersions: ['apiserver.k8s.io/v1beta1', 'apiserver.k8s.io/v1alpha1'],
  shape: configuration,
};

/** Reads the file. Throws in Kubernetes' words when it is of no use. */
export async function readEgressConfiguration(file: string): Promise<EgressConfiguration> {
  const read = await parse(file).catch((error: Error) => {
    throw new Error(`failed to read egress selector config: ${error.message}`, { cause: error });
  });
  const errors = validateEgressConfiguration(read);
  if (errors.length > 0) throw new Error(`failed to validate egress selector configuration: ${aggregate(errors.map(String))}`);
  return read;
}

async function parse(file: string): Promise<EgressConfiguration> {
  const content = await readFile(file, 'utf8').catch((error: Error) => {
    throw new Error(`unable to read egress selector configuration from ${JSON.stringify(file)} [${error.message}]`);
  });
  const { egressSelections = [] } = readConfiguration(content, kind).value;
  return { egressSelections: egressSelections.map((one) => ({ ...one, name: currentName(one.name) })) };
}

/** What the control plane was called in v1.18. */
const currentName = (name = ''): string => (name === 'master' ? 'controlplane' : name);
