// Everything that can be said about the sources without running them.
import { spawnSync } from 'node:child_process';

const CHECKS = [
  ['types', 'tsc', ['-b']],
  ['types of tests', 'tsc', ['-p', 'tsconfig.test.json']],
  ['lint and format', 'biome', ['check', '--error-on-warnings', '.']],
  ['import directions', process.execPath, ['scripts/check-imports.mjs']],
  ['repeated code', 'jscpd', ['--config', '.jscpd.json', 'packages']],
];

let failed = 0;
for (const [name, command, args] of CHECKS) {
  const path = command.includes('/') ? command : `node_modules/.bin/${command}`;
  const { status, stdout, stderr } = spawnSync(path, args, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  if (status !== 0) process.stdout.write(stdout + stderr);
  console.log(`${status === 0 ? 'ok  ' : 'FAIL'} ${name}`);
  if (status !== 0) failed++;
}
process.exit(failed === 0 ? 0 : 1);
