import { READER_TOKEN, TOKEN } from './server-under-test.js';

/** A server that is compared with others, and who asks it. */
export interface Contender {
  readonly name: string;
  /** The command line, where it is not the one of the benchmark. */
  readonly program?: string;
  readonly flags?: Readonly<Record<string, string>>;
  /** Texts of files that flags name by `{dir}/<name>`. */
  readonly files?: Readonly<Record<string, string>>;
  /** '' for none; `account`: a token that the server issues to a service account. */
  readonly token?: string | 'account';
  /** The most that it may cost, as a multiple of the base. */
  readonly aim?: number;
}

/** Servers under the same requests, in turns. */
export interface Comparison {
  readonly name: string;
  /** Requests, by their names in `requestScenarios`. */
  readonly scenarios: readonly string[];
  readonly base: Contender;
  readonly others: readonly Contender[];
}

const maxInFlight = { 'enable-priority-and-fairness': 'false' };

const fairness = (name: string, token: string): Comparison => ({
  name,
  scenarios: ['get-rv0'],
  base: { name: 'max-in-flight', token, flags: maxInFlight },
  others: [{ name: 'priority-and-fairness', token, aim: 1.03 }],
});

const anonymous = `apiVersion: apiserver.config.k8s.io/v1beta1
kind: AuthenticationConfiguration
anonymous: {enabled: true}
`;

const auditing = (level: string): Contender => ({
  name: level,
  flags: {
    'audit-policy-file': '{dir}/audit.yaml',
    'audit-log-path': '{dir}/audit.log',
    'audit-log-maxsize': '100',
    'audit-log-maxbackup': '1',
  },
  files: { 'audit.yaml': `apiVersion: audit.k8s.io/v1\nkind: Policy\nomitStages: [RequestReceived]\nrules: [{level: ${level}}]\n` },
});

export const comparisons: readonly Comparison[] = [
  fairness('fairness-administrator', TOKEN),
  fairness('fairness-user', READER_TOKEN),
  {
    name: 'access',
    scenarios: ['get-rv0', 'get'],
    base: {
      name: 'anybody may',
      token: '',
      flags: { 'authorization-mode': 'AlwaysAllow', 'authentication-config': '{dir}/authentication.yaml' },
      files: { 'authentication.yaml': anonymous },
    },
    others: [
      { name: 'token table and RBAC', token: READER_TOKEN, aim: 1.25 },
      { name: 'account token and RBAC', token: 'account', aim: 1.25 },
    ],
  },
  {
    name: 'audit',
    scenarios: ['get-rv0', 'list1k', 'patch'],
    base: { name: 'nothing' },
    others: [auditing('Metadata'), auditing('RequestResponse')],
  },
];
