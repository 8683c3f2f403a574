import { agentTests } from '../support/agent-tests.ts';
import { BIG } from '../support/agents.ts';

agentTests(BIG);
