import { dirname, join } from 'node:path';
import type { BackendName, HostPath } from '../model/names.ts';
import type { RunRequest, WardenRequest } from '../model/protocol.ts';
import { createRecord } from '../record/write.ts';
import { lines } from '../system/lines.ts';
import { conclude, endOf } from './conclude.ts';
import { Context, type Programs } from './context.ts';
import { Channel } from './events.ts';
import { runJailed } from './sequence.ts';
import { sweep } from './sweep.ts';
import { type Warm, warmUp } from './warmup.ts';

/** A request carries scripts, a policy and git configurations. */
const LONGEST = 64 << 20;

/**
 * The privileged process, PID 1 of its own namespaces: takes one request on stdin, answers with events on stdout, and ends the run
 * when its input ends, which is how it learns that main is gone (a user cannot signal root's processes). `sweeping`: the request will be
 * to remove what others left. `guess`: the backend that it will ask for.
 */
export async function warden(entry: string, sweeping: boolean, guess: BackendName | 'auto'): Promise<void> {
  const input = lines(process.stdin, LONGEST);
  // Its mounts would be the machine's.
  if (process.pid !== 1) throw new Error('the warden runs in mount and PID namespaces of its own: `agent-jail run` starts it');
  const programs = programsBeside(entry);
  const warm = sweeping ? null : warmUp(programs, guess);
  const next = async (): Promise<WardenRequest | null> => {
    const line = await input.next();
    return line.done === true ? null : (JSON.parse(line.value) as WardenRequest);
  };
  let request = await next();
  if (request?.kind === 'ahead') {
    void warm?.ahead(request.root);
    request = await next();
  }
  if (request === null) return; // main had nothing to run
  if (request.kind === 'sweep') {
    process.stdout.write(`${JSON.stringify(await sweep(request.id))}\n`);
    return;
  }
  if (request.kind === 'run') await run(request, programs, warm ?? warmUp(programs, request.backend), input);
}

async function run(request: RunRequest, programs: Programs, warm: Warm, input: AsyncGenerator<string>): Promise<void> {
  const began = process.hrtime.bigint();
  const clock = () => Number((process.hrtime.bigint() - began) / 1_000_000n);
  const channel = new Channel(process.stdout, clock);
  let context: Context;
  try {
    context = new Context(request, programs, warm, channel, createRecord(request.record, request.caller), String(began));
    context.write();
  } catch (error) {
    const end = endOf(error, false);
    channel.send({
      kind: 'ended',
      end,
      outcome: 'jail-error',
      because: end.how === 'error' ? end.message : '',
      manifest: null,
      counts: null,
    });
    await channel.flush();
    return;
  }
  void (async () => {
    for await (const line of input) {
      const message = JSON.parse(line) as WardenRequest;
      if (message.kind === 'cancel') context.end({ how: 'cancelled', by: message.by });
    }
    context.end({ how: 'cancelled', by: 'the end of main' });
  })().catch(() => context.end({ how: 'cancelled', by: 'a broken pipe from main' }));
  const end = await runJailed(context).catch((error: unknown) => endOf(error, context.started));
  await conclude(context, end);
}

/** In dist/ everything lies beside the entry. */
function programsBeside(entry: string): Programs {
  const beside = (name: string) => join(dirname(entry), name) as HostPath;
  return {
    node: process.execPath,
    gateway: beside('gateway.js'),
    collector: beside('collector.js'),
    launch: beside('launch.pl'),
    chroot: beside('chroot.pl'),
    idmap: beside('idmap.pl'),
    restore: beside('restore.pl'),
    freeze: beside('freeze.pl'),
    sockets: beside('sockets.pl'),
    work: beside('work.pl'),
    export: beside('export.pl'),
    terminal: beside('terminal.pl'),
    trace: beside('trace.pl'),
    vm: {
      guest: beside('vm-guest.pl'),
      mux: beside('vm-mux.pl'),
      network: beside('vm-network.pl'),
      relay: beside('vm-relay.pl'),
      share: beside('vm-share.pl'),
    },
  };
}
