import type { Rule, RulesOfKind } from '../../rule.js';
import { notNegative } from '../count-rules.js';
import { fieldRule } from '../field-rule.js';
import { unsupported } from '../format-messages.js';

const jobSpec = 'spec.jobTemplate.spec';
const noZone = 'cannot use TZ or CRON_TZ in schedule, use timeZone field instead';

const scheduleRule = (rule: string, accepted: string, refused: string, problem: string): Rule =>
  fieldRule(rule, 'spec.schedule', accepted, refused, `Invalid value: ${JSON.stringify(refused)}: ${problem}`);

const zoneRule = (rule: string, refused: string, ...problems: readonly string[]): Rule =>
  fieldRule(
    rule,
    'spec.timeZone',
    'Etc/UTC',
    refused,
    ...problems.map((problem) => `Invalid value: ${JSON.stringify(refused)}: ${problem}`),
  );

const scheduleRules: Rule[] = [
  fieldRule('there is a schedule', 'spec.schedule', '@hourly', '', 'Required value'),
  scheduleRule('a schedule has five fields', '*/5 * * * 1-5', '* * * *', 'expected exactly 5 fields, found 4: [* * * *]'),
  scheduleRule('fields are in their range', '59 23 31 12 6', '60 * * * *', 'end of range (60) above maximum (59): 60'),
  scheduleRule(
    'fields are numbers or names',
    '* * * jan sun',
    '* * * x *',
    'failed to parse int from x: strconv.Atoi: parsing "x": invalid syntax',
  ),
  scheduleRule('schedules by name have one that there is', '@daily', '@never', 'unrecognized descriptor: @never'),
  scheduleRule('a new schedule has no time zone', '0 0 * * *', 'CRON_TZ=UTC 0 0 * * *', noZone),
  {
    rule: 'a schedule does not get a time zone',
    on: 'update',
    accepted: { 'spec.schedule': '5 * * * *' },
    refused: { 'spec.schedule': 'TZ=UTC 5 * * * *' },
    errors: [`spec.schedule: Invalid value: "TZ=UTC 5 * * * *": ${noZone}`],
  },
];

const zoneRules: Rule[] = [
  zoneRule('a time zone has a name', '', 'timeZone must be nil or non-empty string'),
  zoneRule('a time zone is one of the database', 'Mars/Base', 'unknown time zone Mars/Base'),
  zoneRule('a time zone is no path', '../UTC', 'unknown time zone ../UTC'),
  zoneRule(
    'a time zone is the same everywhere',
    'LOCAL',
    'timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones',
    'unknown time zone LOCAL',
  ),
];

export const cronJobs: RulesOfKind = {
  collection: '/apis/batch/v1/namespaces/default/cronjobs',
  kind: 'CronJob.batch',
  example: {
    spec: {
      schedule: '* * * * *',
      jobTemplate: { spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'nginx' }] } } } },
    },
  },
  rules: [
    ...scheduleRules,
    ...zoneRules,
    fieldRule(
      'what happens to jobs at once is something that there is',
      'spec.concurrencyPolicy',
      'Replace',
      'Queue',
      unsupported('Queue', 'Allow', 'Forbid', 'Replace'),
    ),
    notNegative('spec.startingDeadlineSeconds'),
    notNegative('spec.successfulJobsHistoryLimit'),
    notNegative('spec.failedJobsHistoryLimit'),
    {
      rule: 'jobs are given selectors of their own',
      accepted: { [`${jobSpec}.manualSelector`]: false },
      refused: { [`${jobSpec}.selector`]: { matchLabels: { a: 'b' } } },
      errors: [`${jobSpec}.selector: Invalid value: {"matchLabels":{"a":"b"}}: \`selector\` will be auto-generated`],
    },
    fieldRule(
      'nobody makes selectors of jobs',
      `${jobSpec}.manualSelector`,
      false,
      true,
      'Unsupported value: true: supported values: "nil", "false"',
    ),
    notNegative(`${jobSpec}.backoffLimit`),
    fieldRule(
      'pods are not restarted for ever',
      `${jobSpec}.template.spec.restartPolicy`,
      'OnFailure',
      'Always',
      'Required value: valid values: "OnFailure", "Never"',
    ),
    fieldRule(
      'a new name leaves room for that of a job',
      'metadata.name',
      'a'.repeat(52),
      'a'.repeat(53),
      `Invalid value: "${'a'.repeat(53)}": must be no more than 52 characters`,
    ),
  ],
};
