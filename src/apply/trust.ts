import { createHash } from 'node:crypto';
import type { HostPath, Sha256 } from '../model/names.ts';
import { RecordError } from '../record/error.ts';
import { openRecordDir } from '../record/read.ts';
import type { RecordReader } from '../record/read.ts';
import { verify } from '../record/verify.ts';
import { isSpare, type RunDocument } from '../model/record.ts';
import { SEALED_FILES } from '../record/write.ts';
import { Refusal } from './refusal.ts';

/**
 * The record in `dir`, if its manifest has the SHA-256 that another channel than the record told, and every file the hash that the manifest
 * tells. Nothing is parsed before its hash is right. The verdict is not looked at: who could write it could write anything.
 * @throws Refusal, RecordError
 */
export function openExpected(dir: HostPath, expect: Sha256): RecordReader {
  const record = openRecordDir(dir);
  const other = new Refusal('this is not the record that is expected: its manifest.json has another SHA-256', EXPECT);
  if (!record.names.includes('manifest.json')) throw new RecordError('manifest.json', null, 'is not in the record: it was never sealed');
  if (sha256Of(record.pieces('manifest.json')) !== expect) throw other;
  const { value: manifest, sha256 } = record.document('manifest.json');
  if (sha256 !== expect) throw other;
  for (const file of SEALED_FILES) {
    const wanted = manifest.files[file];
    if (wanted === undefined && isSpare(file) && !record.names.includes(file)) continue;
    if (wanted === undefined) throw new RecordError(file, null, 'is not in manifest.json');
    const size = record.size(file);
    if (size === null) throw new RecordError(file, null, LEFT_OUT);
    if (size !== wanted.size) throw new RecordError(file, null, `has ${size} bytes, not ${wanted.size}`);
    if (sha256Of(record.pieces(file)) !== wanted.sha256) throw new RecordError(file, null, 'has another SHA-256 than manifest.json says');
  }
  const { value: run } = record.document('run.json');
  if (run.id !== manifest.id) throw new RecordError('run.json', null, 'is of another run than manifest.json');
  return record;
}
const EXPECT = 'take `expect` from the output `manifest-sha256` of the job that made the record, and download the record of that job';
const LEFT_OUT = 'is missing: was it left out of the upload? Raise `max-upload` of the job that made the record';

/** Every line and checkpoint of it is right as well, and the run came to its verdict. @throws Refusal, RecordError */
export async function refuseBroken({ dir }: RecordReader): Promise<void> {
  const { state, problems } = await verify(dir);
  const [problem] = problems;
  if (problem !== undefined) throw new RecordError(problem.file, null, problem.message);
  if (state !== 'intact') throw new Refusal('the record has no verdict: its run was cut off', 'run again');
}

/** What a record must be, whatever any policy says. Returns the commit that its changes are changes of. @throws Refusal */
export function refuseRun({ exact, backend, base }: RunDocument): string {
  if (backend.name === 'chroot') {
    throw new Refusal('the record was made with the backend chroot, which isolates nothing', 'run it in a jail: nspawn or docker');
  }
  if (!exact) {
    throw new Refusal(
      'the record is not exact: a file that holds a secret was withheld, so the changes are not whole',
      'see the changes with the flag `secret`; use `inject` in the policy, so that the agent has no secret to write',
    );
  }
  if (base === null) {
    throw new Refusal(
      'the run’s workspace was no git checkout, so there is no base to compare with',
      'run the jail in the top directory of a checkout',
    );
  }
  if (base.dirty) {
    throw new Refusal(
      `tracked files differed from the commit ${base.commit} before the run began: nobody has the base of these changes`,
      'commit or discard what earlier steps changed, then run the jail again',
    );
  }
  return base.commit;
}

function sha256Of(pieces: Iterable<Buffer>): Sha256 {
  const hash = createHash('sha256');
  for (const piece of pieces) hash.update(piece);
  return hash.digest('hex') as Sha256;
}
