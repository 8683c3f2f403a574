import type { Place } from '../model/names.ts';
import type { Policy } from '../model/policy.ts';
import type { Path } from './yaml.ts';

/** Where each part of a policy stands; null: no user wrote it. */
export type Places = (path: Path) => Place | null;

const KNOWN = new WeakMap<Policy, Places>();

/** A Policy carries the places of its rules; this is for the settings that are plain values there. */
export function rememberPlaces(policy: Policy, places: Places): void {
  KNOWN.set(policy, places);
}

export const placesOf = (policy: Policy): Places => KNOWN.get(policy) ?? (() => null);
