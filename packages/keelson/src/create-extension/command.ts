import { existsSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { implemented } from '../flags/flag.js';
import { FlagError } from '../flags/flag-error.js';
import { bool, string } from '../flags/flag-type.js';
import { parseFlags } from '../flags/parse-flags.js';
import { renderHelp } from '../flags/render-help.js';
import type { Output } from '../output.js';
import { keelsonVersion } from '../version.js';
import { copyTemplate } from './copy-template.js';
import { installation } from './installation.js';
import { checkProjectName } from './project-name.js';

const extensionFlags = {
  title: 'Flags',
  flags: {
    group: implemented(string, '', 'API group of its resources. Empty: NAME.example.com.'),
    help: implemented(bool, false, 'Print this text and end.', 'h'),
  },
} as const;

const usage = 'keelson create-extension NAME [flags]';

const description =
  'Makes a project for an extension of the Kubernetes API in a directory NAME: a resource, a test, an image and manifests.';

const templates = fileURLToPath(new URL('../../templates', import.meta.url));

/** `keelson create-extension my-api` */
export async function runCreateExtensionCommand(args: readonly string[], output: Output): Promise<void> {
  const { values, positional } = parseFlags(extensionFlags.flags, args);
  if (values.help) return output.print(renderHelp(usage, description, [extensionFlags]));
  const [name, ...more] = positional;
  if (name === undefined || more.length > 0)
    throw new FlagError(`"keelson create-extension" takes the name of the extension, got ${JSON.stringify(positional)}`);
  checkProjectName(name);
  const dir = resolve(name);
  if (existsSync(dir)) throw new FlagError(`${dir} exists already`);
  const { checkout, dependencyOn } = installation(keelsonVersion);
  const replacements = {
    __NAME__: name,
    __GROUP__: values.group === '' ? `${name}.example.com` : values.group,
    __SDK__: dependencyOn('@keelson/sdk'),
    __KEELSON__: dependencyOn('keelson'),
    __CHECKOUT__: checkout ?? '',
    __BUILD__: `docker build ${checkout === undefined ? '' : `--build-context checkout=${checkout} `}--tag ${name} .`,
  };
  const parts = ['extension', checkout === undefined ? 'dockerfile-installed' : 'dockerfile-checkout'];
  const files: string[] = [];
  for (const part of parts) files.push(...(await copyTemplate(join(templates, part), dir, replacements)));
  for (const file of files.sort()) output.print(relative(process.cwd(), file));
  output.print(`\nType next:\n\n  cd ${name}\n  npm install\n  npm test`);
}
