import type { AgentName } from '../model/trajectory.ts';
import type { Fields } from './fields.ts';
import type { Log } from './log.ts';

/** How one agent's log is read: its stream of JSON lines on stdout, and its session file. */
export interface Agent {
  readonly name: AgentName;
  /** Whether a line can only be this agent's. */
  recognises(line: Fields): boolean;
  /** Takes a line into the log; false: it is of no known kind. */
  read(line: Fields, log: Log): boolean;
}
