import type { UserInfo } from '@keelson/machinery';
import type { audit } from '@keelson/schema';
import type { RequestInfo } from '../../filters/request-info.js';
import type { AuditLevel, AuditStage } from '../audit-level.js';
import { compileRule, type RequestMatcher } from './policy-rule.js';

/** What is recorded of a request. */
export interface AuditRule {
  readonly level: AuditLevel;
  /** Stages that no events are made of. */
  readonly omittedStages: ReadonlySet<AuditStage>;
  readonly omitManagedFields: boolean;
}

/** Which requests are audited, and how much of them. Compiled once: a request costs a few look-ups and makes nothing. */
export class AuditPolicy {
  readonly #rules: readonly { readonly matches: RequestMatcher; readonly rule: AuditRule }[];
  readonly #otherwise: AuditRule;

  /** `policy` is valid. */
  constructor({ rules, omitStages = [], omitManagedFields = false }: audit.v1.Policy) {
    this.#rules = (rules ?? []).map((rule) => ({
      matches: compileRule(rule),
      rule: {
        level: rule.level as AuditLevel,
        omittedStages: new Set([...omitStages, ...(rule.omitStages ?? [])] as AuditStage[]),
        omitManagedFields: rule.omitManagedFields ?? omitManagedFields,
      },
    }));
    this.#otherwise = { level: 'None', omittedStages: new Set(), omitManagedFields };
  }

  /** The first rule that fits; nothing is recorded where none does. `user`: who asks, where that is known. */
  ruleFor(info: RequestInfo, user: UserInfo | undefined): AuditRule {
    for (const { matches, rule } of this.#rules) if (matches(info, user)) return rule;
    return this.#otherwise;
  }
}
