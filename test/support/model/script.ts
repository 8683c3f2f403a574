/**
 * What the model does next: has the agent run a command, says something, or fails. Which step it is tells the conversation, by the tool
 * results in it, so a request that is sent again gets the same answer.
 */
export type Step = { readonly bash: string } | { readonly text: string } | { readonly error: { readonly status: number } };
export interface Script {
  readonly steps: readonly Step[];
}

/** Reads what may come from a file. Throws an Error that says which step is wrong. */
export function parseScript(value: unknown): Script {
  const steps = (value as Partial<Script> | null)?.steps;
  if (!Array.isArray(steps)) throw new Error('the script of the model has no list `steps`');
  steps.forEach((step: unknown, n) => {
    if (!isStep(step))
      throw new Error(`step ${n + 1} of the model's script is none of {bash: TEXT}, {text: TEXT}, {error: {status: NUMBER}}`);
  });
  return { steps };
}

function isStep(step: unknown): step is Step {
  if (typeof step !== 'object' || step === null || Object.keys(step).length !== 1) return false;
  const { bash, text, error } = step as { bash?: unknown; text?: unknown; error?: { status?: unknown } };
  return typeof bash === 'string' || typeof text === 'string' || typeof error?.status === 'number';
}
