import { EXIT } from '../model/outcome.ts';

const NUMBER = /^\d{1,15}$/;
const DIGEST = /^[0-9a-f]{64}$/;
/** Absolute, and nothing in it that a shell would act on. */
const PATH = /^\/[^\u0000-\u001f\u007f"'`$;&|<>\\]*$/;

/**
 * Every output with what it may be. Closed sets, because people write `${{ }}` into `run:`. A value outside its set is left out:
 * an agent's text has no way into a later step's script.
 */
export const OUTPUTS = {
  outcome: new RegExp(`^(${Object.keys(EXIT).join('|')})$`),
  because: /^[A-Za-z0-9 .,:/_@%+=-]{0,200}$/,
  'exit-code': NUMBER,
  backend: /^(nspawn|docker|vm|chroot)$/,
  'policy-sha256': DIGEST,
  'manifest-sha256': DIGEST,
  changed: /^(true|false)$/,
  'changed-files': NUMBER,
  patch: PATH,
  record: PATH,
  result: PATH,
  denied: NUMBER,
  'cost-usd': /^\d{1,9}(\.\d{1,6})?$/,
  'input-tokens': NUMBER,
  'output-tokens': NUMBER,
  turns: NUMBER,
  'artifact-id': NUMBER,
  'artifact-url': /^https?:\/\/[A-Za-z0-9.:_/-]{1,500}$/,
  'artifact-digest': DIGEST,
} as const satisfies Readonly<Record<string, RegExp>>;
export type OutputName = keyof typeof OUTPUTS;
export type Outputs = Readonly<Partial<Record<OutputName, string | number | boolean | null>>>;

/** Every output as it is written: '' where it is not known or not in its set. */
export function closedOutputs(outputs: Outputs): Readonly<Record<OutputName, string>> {
  const close = (name: OutputName): string => {
    const value = String(outputs[name] ?? '');
    const text = name === 'because' ? plainWords(value) : value;
    return OUTPUTS[name].test(text) ? text : '';
  };
  const names = Object.keys(OUTPUTS) as OutputName[];
  return Object.fromEntries(names.map((name) => [name, close(name)])) as Record<OutputName, string>;
}

export async function writeOutputs(outputs: Outputs): Promise<void> {
  const core = await import('@actions/core');
  for (const [name, value] of Object.entries(closedOutputs(outputs))) core.setOutput(name, value);
}

/** The sentence in an alphabet that means nothing to a shell, a YAML parser or an expression. */
function plainWords(text: string): string {
  return text.slice(0, 200).replace(/[^A-Za-z0-9 .,:/_@%+=-]/g, '_');
}
