import { dirname, join } from 'node:path';
import type { BackendName, HostPath } from '../model/names.ts';
import type { RunRequest, WardenReady } from '../model/protocol.ts';
import { createRecord } from '../record/write.ts';
import { lines } from '../system/lines.ts';
import { Namespaces } from './again.ts';
import { conclude, endOf } from './conclude.ts';
import { Context, type Programs } from './context.ts';
import { Channel } from './events.ts';
import { Inbox } from './inbox.ts';
import { rehearse } from './rehearsal.ts';
import { runJailed } from './sequence.ts';
import { sweep } from './sweep.ts';
import { type Warm, warmUp } from './warmup.ts';

/** A request carries scripts, a policy and git configurations. */
const LONGEST = 64 << 20;

/**
 * The privileged process, PID 1 of its own namespaces: takes a request on stdin, answers with events on stdout, and ends the run
 * when its input ends, which is how it learns that main is gone (a user cannot signal root's processes). `sweeping`: the request will be
 * to remove what others left. `guess`: the backend that it will ask for. A main with many runs may ask for one after the other.
 * True: a run was made.
 */
export async function warden(entry: string, sweeping: boolean, guess: BackendName | 'auto'): Promise<boolean> {
  const inbox = new Inbox(lines(process.stdin, LONGEST));
  process.stdout.on('error', () => {}); // main is gone: the end of stdin ends the run
  // Its mounts would be the machine's.
  if (process.pid !== 1) throw new Error('the warden runs in mount and PID namespaces of its own: `agent-jail run` starts it');
  const programs = programsBeside(entry);
  const namespaces = new Namespaces();
  let warm = sweeping ? null : warmUp(programs, guess, { first: true, host: true });
  let host = true;
  let ran = false;
  for (let asked = await inbox.next(); asked !== null; asked = await inbox.next()) {
    if (asked.kind === 'ahead') void warm?.ahead(asked.root);
    else if (asked.kind === 'engine') void warm?.engine(asked.engine);
    else if (asked.kind === 'sweep') {
      process.stdout.write(`${JSON.stringify(await sweep(asked.id, programs.export))}\n`);
      break;
    } else if (asked.kind === 'run') {
      if (warm === null) throw new Error('a run was asked for where nothing is ready for one');
      host = asked.policy.jail.root.kind === 'host';
      await run(asked, programs, warm, inbox);
      ran = true;
      if (asked.stay !== true) break;
      warm = null;
    } else {
      if (!(await namespaces.emptied())) break;
      warm = warmUp(programs, guess, { first: false, host });
      process.stdout.write(`${JSON.stringify({ kind: 'ready' } satisfies WardenReady)}\n`);
    }
  }
  return ran;
}

async function run(request: RunRequest, programs: Programs, warm: Warm, inbox: Inbox): Promise<void> {
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
  inbox.onCancel((by) => context.end({ how: 'cancelled', by }));
  const end = await runJailed(context).catch((error: unknown) => endOf(error, context.started));
  await conclude(context, end);
  await rehearse(request, channel, programs).catch(() => {}); // the next run is slower, and no more
}

/** In dist/ everything lies beside the entry. */
function programsBeside(entry: string): Programs {
  const beside = (name: string) => join(dirname(entry), name) as HostPath;
  return {
    node: process.execPath,
    gateway: beside('gateway.cjs'),
    collector: beside('collector.cjs'),
    launch: beside('launch.pl'),
    chroot: beside('chroot.pl'),
    restore: beside('restore.pl'),
    sockets: beside('sockets.pl'),
    hands: beside('hands.pl'),
    export: beside('export.pl'),
    terminal: beside('terminal.pl'),
    trace: beside('trace.pl'),
    forget: beside('forget.pl'),
    vm: {
      guest: beside('vm-guest.pl'),
      calls: beside('vm-calls.pl'),
      mux: beside('vm-mux.pl'),
      network: beside('vm-network.pl'),
      step: beside('vm-step.pl'),
      programs: beside('vm-programs.pl'),
      trace: beside('trace.pl'),
      pty: beside('pty.pl'),
      relay: beside('vm-relay.pl'),
      share: beside('vm-share.pl'),
    },
  };
}
