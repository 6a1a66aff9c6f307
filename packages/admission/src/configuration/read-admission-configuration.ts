import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Json } from '@keelson/machinery';
import { type ConfigurationKind, readConfiguration, shape, UnknownKindError, unmarshalYaml } from '@keelson/schema';

/** Configurations of plugins by their names: parsed, and for the plugins to check. */
export type PluginConfigurations = ReadonlyMap<string, Json>;

interface AdmissionConfiguration {
  readonly plugins?: readonly { readonly name?: string; readonly path?: string; readonly configuration?: Json }[];
}

const admissionConfiguration: ConfigurationKind<AdmissionConfiguration> = {
  kind: 'AdmissionConfiguration',
  apiVersions: ['apiserver.config.k8s.io/v1', 'apiserver.k8s.io/v1alpha1'],
  shape: shape.fields({
    plugins: shape.listOf(shape.fields({ name: shape.text, path: shape.text, configuration: shape.anything })),
  }),
};

const FAILED = 'failed to read plugin config';

/** Plugins that were configured before there was a format for all of them, each by a member of its own. */
const UNVERSIONED: Readonly<Record<string, string>> = { ImagePolicyWebhook: 'imagePolicy', PodNodeSelector: 'podNodeSelectorPluginConfig' };

/** Reads `--admission-control-config-file`, and the files that it names, for those of the plugins that it configures. */
export async function readAdmissionConfiguration(file: string, plugins: readonly string[]): Promise<PluginConfigurations> {
  const content = await contentOf(
    file,
    (why) => `${FAILED}: unable to read admission control configuration from ${JSON.stringify(file)} [${why}]`,
  );
  const { plugins: entries = [] } = parsed(content, plugins);
  const configurations = new Map<string, Json>();
  for (const name of plugins) {
    const entry = entries.find((one) => one.name === name);
    const configuration =
      entry?.configuration ?? (entry?.path ? await readPluginFile(name, resolve(dirname(file), entry.path)) : undefined);
    if (configuration !== undefined) configurations.set(name, configuration);
  }
  return configurations;
}

function parsed(content: string, plugins: readonly string[]): AdmissionConfiguration {
  try {
    return readConfiguration(content, admissionConfiguration).value;
  } catch (error) {
    const legacy = error instanceof UnknownKindError ? legacyConfiguration(content, plugins) : undefined;
    if (legacy !== undefined) return legacy;
    throw new Error(`${FAILED}: ${(error as Error).message}`, { cause: error });
  }
}

/** A file without a kind is that of the old plugins, which all read the same one. */
function legacyConfiguration(content: string, plugins: readonly string[]): AdmissionConfiguration | undefined {
  const { value } = unmarshalYaml(content);
  if (typeof value !== 'object' || value === null) return undefined;
  if (!Object.values(UNVERSIONED).some((member) => Object.hasOwn(value, member))) return undefined;
  return { plugins: plugins.filter((name) => Object.hasOwn(UNVERSIONED, name)).map((name) => ({ name, configuration: value })) };
}

async function readPluginFile(plugin: string, file: string): Promise<Json> {
  const content = await contentOf(file, (why) => `Couldn't open admission plugin configuration ${file}: ${why}`);
  try {
    return unmarshalYaml(content).value;
  } catch (error) {
    throw new Error(`couldn't init admission plugin ${JSON.stringify(plugin)}: ${(error as Error).message}`, { cause: error });
  }
}

async function contentOf(file: string, problem: (why: string) => string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new Error(problem((error as Error).message), { cause: error });
  }
}
