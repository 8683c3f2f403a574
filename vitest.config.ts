import { defineConfig } from 'vitest/config';
import { PACE } from './test/support/pace.ts';

const minute = 60_000 * PACE;
/** A Docker engine for those who start jails. */
const globalSetup = './test/support/engine-setup.ts';

export default defineConfig({
  test: {
    reporters: ['./test/support/reporter.ts'],
    // Two: what a hosted runner's small machine has. More would make timing tests fight each other.
    maxWorkers: 2,
    // A forgotten `.only` would pass for the whole suite.
    allowOnly: false,
    projects: [
      { extends: true, test: { name: 'unit', include: ['test/unit/**/*.test.ts'], testTimeout: minute / 3 } },
      // These change the machine and compare it before and after: one at a time.
      {
        extends: true,
        test: {
          name: 'jail',
          include: ['test/jail/**/*.test.ts', 'test/redteam/**/*.test.ts'],
          globalSetup,
          fileParallelism: false,
          testTimeout: 2 * minute,
          hookTimeout: 2 * minute,
        },
      },
      {
        extends: true,
        test: {
          name: 'action',
          include: ['test/action/**/*.test.ts'],
          globalSetup,
          fileParallelism: false,
          testTimeout: 3 * minute,
          hookTimeout: minute,
        },
      },
      {
        extends: true,
        test: { name: 'browser', include: ['test/browser/**/*.test.ts'], testTimeout: 2 * minute, hookTimeout: minute },
      },
      {
        extends: true,
        test: {
          name: 'long',
          include: ['test/long/**/*.test.ts'],
          globalSetup,
          fileParallelism: false,
          testTimeout: 30 * minute,
          hookTimeout: 5 * minute,
        },
      },
      // On machines that `npm run test:runner` boots, and nowhere else: they need systemd.
      {
        extends: true,
        test: {
          name: 'machine',
          include: ['test/machine/jail/*.test.ts'],
          globalSetup,
          fileParallelism: false,
          testTimeout: 2 * minute,
          hookTimeout: 2 * minute,
        },
      },
      // What they need is installed for them alone, and is large.
      {
        extends: true,
        test: { name: 'agents', include: ['test/agents/**/*.test.ts'], globalSetup, fileParallelism: false, testTimeout: 10 * minute },
      },
    ],
  },
});
