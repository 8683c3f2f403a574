import { createHash } from 'node:crypto';
import type { Answer, Input } from './answers.ts';
import type { Message } from './wire.ts';

/** In ids of answers and calls, which clients send back: by them a conversation is known again. */
const ID = /jail_(\d{1,9})_(\d{1,9})(?:_\d{1,9})?$/;

export const answerId = (conversation: number, turn: number): string => `jail_${conversation}_${turn}`;
export const callId = (answer: string, n: number): string => `${answer}_${n}`;

/** Pure: the number of the conversation that a call was made in, the last one with such an id; null: there is none. */
export function numberIn(messages: readonly Message[]): number | null {
  const ids = messages.flatMap((message) => (message.by === 'model' ? message.calls : []));
  const known = ids.flatMap((id) => ID.exec(id)?.[1] ?? []);
  const last = known.at(-1);
  return last === undefined ? null : Number(last);
}
export const numberOf = (answer: string): number | null => {
  const [, number] = ID.exec(answer) ?? [];
  return number === undefined ? null : Number(number);
};

/**
 * Pure: what the model was told before each of its turns, and since the last. A turn counts if it called tools, or said what stands in the
 * script: agents put words into the model's mouth (`Understood.`), which are no answers of ours.
 */
export function inputsOf(messages: readonly Message[], script: readonly Answer[]): Input[] {
  const says = new Set(script.map(({ say }) => plain(say)).filter((say) => say !== ''));
  const inputs: Input[] = [];
  let [texts, results]: string[][] = [[], []];
  let ours = false;
  const end = (): void => {
    if (!ours) return;
    inputs.push(inputOf(texts, results));
    [texts, results, ours] = [[], [], false];
  };
  for (const message of messages) {
    if (message.by === 'model') {
      // Several in a row are one turn.
      ours ||= message.calls.length > 0 || says.has(plain(message.text));
    } else {
      end();
      texts?.push(message.text);
      if (message.by === 'tool') results?.push(message.text);
    }
  }
  end();
  return [...inputs, inputOf(texts, results)];
}
const inputOf = (texts: readonly string[] = [], results: readonly string[] = []): Input => ({
  text: texts.join('\n'),
  results: results.join('\n'),
});
const plain = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** Pure: whether an answer with this chance is taken: by seed, number of the conversation, and place in the script. */
export function lucky(seed: number, conversation: number, at: number, chance: number): boolean {
  const digest = createHash('sha256').update(`${seed} ${conversation} ${at}`).digest();
  return digest.readUIntBE(0, 6) / 2 ** 48 < chance;
}
