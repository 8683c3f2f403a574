/**
 * How many times slower than usual this machine may be: an emulated processor is, by far. One setting for all limits of time in tests;
 * what a test measures of the product is not stretched by it unless the test says so. 1 unless AGENT_JAIL_TEST_PACE is set. Throws.
 */
export function paceOf(env: NodeJS.ProcessEnv): number {
  const set = env['AGENT_JAIL_TEST_PACE'] ?? '1';
  const pace = Number(set);
  if (!(pace >= 1 && pace <= 100)) throw new Error(`AGENT_JAIL_TEST_PACE is ${set}; it is a number from 1 to 100`);
  return pace;
}
export const PACE = paceOf(process.env);
