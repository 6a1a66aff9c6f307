import { expect } from 'vitest';
import type { Kubectl, KubectlResult } from '../support/kubectl.js';
import type { Expectation } from './expectations.js';
import { letGo } from './let-go.js';
import { deletedName, type ManifestFile, type ManifestObject, objectName } from './manifest-file.js';

/** A manifest and what runs with it. */
export interface Subject {
  readonly kubectl: Kubectl;
  readonly file: ManifestFile;
  readonly expectation: Expectation;
}

/** What a command that succeeds prints when it only reads or deletes. */
const printed = ({ expectation }: Subject, stdout: string) => ({ code: 0, stdout, stderr: warningLines(expectation.warnings) });

/** The same when it writes, be it for trial. */
const written = ({ expectation: { warnings = [], writeWarnings = [] } }: Subject, stdout: string) => ({
  code: 0,
  stdout,
  stderr: warningLines([...warnings, ...writeWarnings]),
});

const warningLines = (warnings: readonly string[] = []) => warnings.map((warning) => `Warning: ${warning}\n`).join('');

/** What kubectl says of each object, in the file's order. */
const lines = ({ file }: Subject, outcome: (name: string, object: ManifestObject) => string) =>
  file.objects.map((object) => `${objectName(object)} ${outcome(objectName(object), object)}\n`).join('');

/** Applied, applied again, and compared: the second time nothing is different. */
export async function isAppliedByClient(subject: Subject): Promise<void> {
  const { kubectl, file, expectation } = subject;
  const apply = ['apply', `--filename=${file.path}`];
  expect(await kubectl.run(apply)).toEqual(
    written(
      subject,
      lines(subject, () => 'created'),
    ),
  );
  const again = (name: string, object: ManifestObject) =>
    isAlwaysConfigured(object) || expectation.configuredAgain?.includes(name) ? 'configured' : 'unchanged';
  expect(await kubectl.run(apply)).toEqual(written(subject, lines(subject, again)));
  expect(await kubectl.run(['diff', `--filename=${file.path}`])).toEqual(written(subject, ''));
}

/**
 * kubectl finds these different from what is there whenever it looks: `stringData` is written and never read, and the selector of
 * a budget replaces the other whether it is the same or not.
 */
function isAlwaysConfigured({ apiVersion, kind, stringData }: ManifestObject): boolean {
  return stringData !== undefined || (apiVersion === 'policy/v1' && kind === 'PodDisruptionBudget');
}

/** Applied on the server by somebody else, who only meets the conflicts that are expected. */
export async function isAppliedByServer(subject: Subject): Promise<void> {
  const { kubectl, file, expectation } = subject;
  const others = ['--server-side', '--field-manager=pipeline', `--filename=${file.path}`];
  if (expectation.conflicts) {
    const { code, stderr } = await kubectl.run(['apply', ...others]);
    expect({ code, conflicts: conflictsIn(stderr) }).toEqual({ code: 1, conflicts: expectation.conflicts });
  }
  const force = expectation.conflicts ? ['--force-conflicts'] : [];
  expect(await kubectl.run(['apply', ...others, ...force])).toEqual(
    written(
      subject,
      lines(subject, () => 'serverside-applied'),
    ),
  );
  expect(await kubectl.run(['diff', ...others])).toEqual(written(subject, ''));
}

/** Fields in conflict with what kubectl applied. */
function conflictsIn(text: string): string[] {
  const conflicts = text.matchAll(/conflicts? with "kubectl-client-side-apply" using \S+:((?: \.\S+\n)|(?:\n- \S+)+)/g);
  return Array.from(conflicts).flatMap(([, fields = '']) => fields.match(/\.\S+/g) ?? []);
}

/** Edited: the change is all that is different afterwards, and only objects that contain it are touched. Gives what is there then. */
export async function isEdited(subject: Subject): Promise<string> {
  const { kubectl, file, expectation } = subject;
  const [from, to, ...objects] = expectation.edit;
  const before = await read(subject);
  const environment = { KUBE_EDITOR: `sed --in-place 's|${from}|${to}|g'` };
  const edited = await kubectl.run(['edit', `--filename=${file.path}`], { environment });
  expect(edited).toEqual(
    written(
      subject,
      lines(subject, (name) => (objects.includes(name) ? 'edited' : 'skipped')),
    ),
  );
  const after = await read(subject);
  expect(withoutVersions(after)).toBe(withoutVersions(before.replaceAll(from, to)));
  return after;
}

const withoutVersions = (text: string) => text.replace(/^ *\S*(resourceVersion|generation): .*\n/gm, '');

/** What is read can be written back, and changes nothing. */
export async function isReplaced(subject: Subject, input: string): Promise<void> {
  const replaced = await subject.kubectl.run(['replace', '--filename=-'], { input });
  expect(replaced).toEqual(
    written(
      subject,
      lines(subject, () => 'replaced'),
    ),
  );
  expect(await read(subject)).toBe(input);
}

async function read({ kubectl, file, expectation }: Subject): Promise<string> {
  const { code, stdout, stderr } = await kubectl.run(['get', `--filename=${file.path}`, '--output=yaml']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: warningLines(expectation.warnings) });
  return stdout;
}

/** Deleted: nothing is left. */
export async function isDeleted(subject: Subject): Promise<void> {
  const { kubectl, file } = subject;
  const deleted = await kubectl.run(['delete', `--filename=${file.path}`, '--wait=false']);
  expect(withoutScope(deleted)).toEqual(printed(subject, file.objects.map((object) => `${deletedName(object)} deleted\n`).join('')));
  await letGo(kubectl, file.objects);
  expect(await kubectl.run(['get', `--filename=${file.path}`, '--ignore-not-found'])).toEqual(printed(subject, ''));
}

/** Without kubectl's reminder that some objects are in no namespace. Later kubectls tell from which one the others are deleted. */
function withoutScope({ code, stdout, stderr }: KubectlResult): KubectlResult {
  return {
    code,
    stdout: stdout.replace(/ from \S+ namespace$/gm, ''),
    stderr: stderr.replace(/^Warning: deleting cluster-scoped resources, not scoped to the provided namespace\n/gm, ''),
  };
}
