import { type Architecture, ARCHITECTURE_NAMES, architectureOf } from '../model/architecture.ts';
import { JailError } from '../model/errors.ts';

/** What the machine is, by Node's name of it. Throws JailError where no filter of system calls is made for it. */
export function requireArchitecture(arch: string): Architecture {
  const known = architectureOf(arch);
  if (known !== null) return known;
  throw new JailError(`the jail's system call filter is not made for ${arch}`, `use an ${ARCHITECTURE_NAMES} machine`);
}
