import { harmless, implemented } from '../flag.js';
import { bool, duration, int, keyValues, oneOf, string } from '../flag-type.js';

const second = 1000;

export const logsFlags = {
  title: 'Logs flags',
  flags: {
    'log-flush-frequency': harmless(duration, 5 * second, 'Longest time a log line is held back.'),
    'log-json-info-buffer-size': harmless(string, '', 'Bytes of info messages buffered in JSON format.'),
    'log-json-split-stream': harmless(bool, false, 'Write errors to standard error and info to standard output in JSON format.'),
    'log-text-info-buffer-size': harmless(string, '', 'Bytes of info messages buffered in text format.'),
    'log-text-split-stream': harmless(bool, false, 'Write errors to standard error and info to standard output in text format.'),
    'logging-format': implemented(oneOf('text', 'json'), 'text', 'Format of the log: text or json.'),
    v: implemented(int, 0, 'Detail of the log, 0 to 10.', 'v'),
    vmodule: harmless(keyValues, new Map(), 'Detail of the log of single files, pattern=N,...'),
  },
} as const;
