#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { launch } from './launch.mjs';

const bundle = fileURLToPath(new URL('../dist/bundle/keelson.cjs', import.meta.url));

if (existsSync(bundle)) launch(bundle);
else {
  process.stderr.write('Error: keelson has not been built: run "npm run build" first\n');
  process.exitCode = 1;
}
