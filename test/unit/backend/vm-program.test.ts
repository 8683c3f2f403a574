import { describe, expect, it } from 'vitest';
import { VM_ARCHITECTURES } from '../../../src/backend/vm-architecture.ts';
import { unfitProcessor } from '../../../src/backend/vm-program.ts';

const cpuinfo = (flags: string): string => `processor\t: 0\nmodel name\t: vmx svm\nflags\t\t: fpu ${flags}\nvmx flags\t: ept\nbugs\t\t:\n`;

describe('a processor', () => {
  it.each(['vmx sse2', 'sse2 svm', 'vmx'])('that runs other kernels by KVM: %s', (flags) => {
    expect(unfitProcessor(VM_ARCHITECTURES.x64, cpuinfo(flags))).toBeNull();
  });

  it.each(['sse2 hypervisor', 'vmxx svm_lock', ''])('of a hypervisor whose /dev/kvm is for kernels that are made for it: %s', (flags) => {
    expect(unfitProcessor(VM_ARCHITECTURES.x64, cpuinfo(flags))).toBe('/dev/kvm is for other kernels (the processor has none of vmx, svm)');
  });

  it('of arm64 does not tell', () => {
    expect(unfitProcessor(VM_ARCHITECTURES.arm64, 'processor\t: 0\nFeatures\t: fp asimd\n')).toBeNull();
  });
});
