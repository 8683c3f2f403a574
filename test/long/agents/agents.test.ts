import { agentTests } from '../../support/agent-tests.ts';
import { SMALL } from '../../support/agents.ts';

agentTests(SMALL);
