import { afterAll, beforeAll, describe } from 'vitest';
import { PHASES } from '../../../src/model/names.ts';
import { killTests } from '../../support/kill-cases.ts';
import { User } from '../../support/user.ts';

let user: User;
beforeAll(() => void (user = new User('passwordless')));
afterAll(() => user[Symbol.dispose]());

describe('of an ordinary user with passwordless sudo', () => {
  killTests(PHASES, 'nspawn', undefined, () => user);
  killTests(PHASES, 'docker', undefined, () => user);
});
