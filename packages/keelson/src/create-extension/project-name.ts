import { dns1123Label } from '@keelson/machinery';
import { FlagError } from '../flags/flag-error.js';

/** The name of a project is that of its directory, its image, its service and its namespace. Throws `FlagError`. */
export function checkProjectName(name: string): void {
  const [problem] = dns1123Label(name);
  if (problem !== undefined) throw new FlagError(`${JSON.stringify(name)} cannot be the name of an extension: ${problem}`);
}
