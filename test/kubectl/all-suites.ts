import { beforeAll, describe } from 'vitest';
import { Kubectl, kubectlPrograms } from '../support/kubectl.js';
import type { RunningKeelson } from '../support/running-keelson.js';
import { changeSuite } from './suites/change.js';
import { createAndApplySuite } from './suites/create-and-apply.js';
import { customResourcesSuite } from './suites/custom-resources.js';
import { describeSuite } from './suites/describe.js';
import { discoverySuite } from './suites/discovery.js';
import { getSuite } from './suites/get.js';
import { removedVersionsSuite } from './suites/removed-versions.js';
import { workloadsSuite } from './suites/workloads.js';

/** Every kubectl command people use, with every kubectl of this machine, against one server. */
export function describeKubectl(server: () => RunningKeelson): void {
  for (const program of kubectlPrograms()) {
    describe(`kubectl ${program.version}`, () => {
      let kubectl: Kubectl;
      beforeAll(() => {
        kubectl = new Kubectl(program, server());
      });
      const admin = () => kubectl;
      discoverySuite(admin, () => server().url);
      createAndApplySuite(admin);
      getSuite(admin);
      changeSuite(admin);
      customResourcesSuite(admin);
      workloadsSuite(admin);
      removedVersionsSuite(admin);
      describeSuite(admin);
    });
  }
}
