import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HostPath } from '../../model/names.ts';
import { fill } from '../html.ts';
import { suiteData } from './data.ts';
import type { SuiteInput } from './input.ts';

const PAGE = join(import.meta.dirname, 'suite-page.html') as HostPath;

export interface SuitePageWish {
  /** The page without data, when it is not the one beside this program. */
  readonly page?: HostPath;
  /** From the page to the directory of the results: '' or a relative URL that ends with a slash. */
  readonly base?: string;
}

/** One file that asks for nothing else: what a suite's run came to, beside the nights before. */
export function suiteHtml(input: SuiteInput, { page = PAGE, base = '' }: SuitePageWish = {}): Buffer {
  return fill(readFileSync(page), suiteData(input, base));
}
