import { existsSync } from 'node:fs';
import type { ApiServerFlagValues } from '../../flags/apiserver-flags.js';
import { given, type Report } from './report.js';

export function egressConfigurationFile(flags: ApiServerFlagValues, report: Report): string | undefined {
  const file = given(flags['egress-selector-config-file']);
  if (file !== undefined && !existsSync(file)) report(`egress-selector-config-file ${file} does not exist`);
  return file;
}
