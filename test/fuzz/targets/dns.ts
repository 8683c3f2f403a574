import assert from 'node:assert/strict';
import { decode } from 'dns-packet';
import { readQuery, writeAnswer } from '../../../src/network/dns.ts';
import type { Target } from '../target.ts';

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');

/** Questions to the jail's name server: read or refused; what is answered is an answer to that question, by a reader that is not ours. */
export const target: Target = {
  seeds: [
    hex('beef 0100 0001 0000 0000 0000 03617069 07657861 6d706c65 03636f6d 00 0001 0001'),
    hex('0001 0120 0001 0000 0000 0001 07657861 6d706c65 03636f6d 00 001c 0001 00 0029 1000 00000000 0000'),
    hex('0001 0100 0001 0000 0000 0000 00 00ff 00ff'),
  ],
  words: [hex('c00c'), hex('00'), hex('3f'), hex('40'), hex('0001 0001'), hex('00 0029 04d0 00000000 0000')],
  longest: 4200,
  check(packet) {
    const query = readQuery(packet);
    if (query.kind === 'silence') return;
    const replies =
      query.kind === 'malformed'
        ? [query.reply]
        : ([0, 3] as const).flatMap((rcode) => [
            writeAnswer(query.question, rcode, '198.18.0.1'),
            writeAnswer(query.question, rcode, null),
          ]);
    for (const reply of replies) {
      // The same id, a response, and never much longer than what was asked: no amplifier.
      assert.deepEqual(reply.subarray(0, 2), packet.subarray(0, 2));
      assert.equal((reply[2] ?? 0) & 0x80, 0x80);
      assert.ok(reply.length < packet.length + 128);
      const read = decode(reply);
      assert.equal(read.type, 'response');
      if (query.kind === 'malformed') continue;
      const asked = decode(Buffer.concat([query.question.header.subarray(0, 4), hex('0001 0000 0000 0000'), query.question.section]));
      assert.deepEqual(read.questions, asked.questions);
      assert.ok((read.answers?.length ?? 0) <= 1);
    }
    if (query.kind !== 'question') return;
    // No name breaks a line of the log, or looks like another.
    assert.match(query.question.name, /^[\x21-\x7e]*$/);
    const other = readQuery(Buffer.from(packet));
    assert.deepEqual(other, query);
  },
};
