import type { Wire } from '../wire.ts';
import { CHAT } from './chat.ts';
import { GEMINI } from './gemini.ts';
import { MESSAGES } from './messages.ts';
import { RESPONSES } from './responses.ts';

const WIRES: readonly Wire[] = [MESSAGES, RESPONSES, CHAT, GEMINI];

/** Whose API a path is of: what all share is OpenAI's. */
export const wireOf = (path: string): Wire => WIRES.find((wire) => wire.owns(path)) ?? CHAT;
