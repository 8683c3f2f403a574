import type { BackendName, HostPath, JailPath } from './names.ts';
import type { LimitName } from './policy.ts';
import type { TerminalSize } from './terminal.ts';
import type { AgentWish } from './trajectory.ts';

/** What is built. Resolved, no names left to look up; a renderer destructures all of it: `rest satisfies Record<string, never>`. */
export interface JailSpec {
  /** 26-character ULID; part of every name made on the host. */
  readonly id: string;
  /** The jail's `/`: an assembled tree, everything in `view` already mounted below it by `host/`. */
  readonly root: HostPath;
  /** The whole file system, in mount order; what the proof from outside compares with. */
  readonly view: readonly Mount[];
  readonly identity: Identity;
  /** Name of the run's cgroup, relative to each hierarchy's root. */
  readonly cgroup: string;
  /** A bind-mounted network namespace; null where only the backend can make one, or has none. */
  readonly netns: HostPath | null;
  /** One OCI seccomp profile for every backend (OCI runtime spec, linux.seccomp). */
  readonly seccomp: SeccompProfile;
  readonly hostname: string;
}
export interface Identity {
  readonly uid: number;
  readonly gid: number;
  readonly name: string;
  readonly home: JailPath;
}
export interface Mount {
  readonly target: JailPath;
  /**
   * `overlay`: of the run's layers; `bind`: of a file or directory that `host/` made for this run; `device`: of a device node that the backend
   * made; the rest the backend makes.
   */
  readonly kind: 'overlay' | 'bind' | 'device' | 'tmpfs' | 'proc' | 'sysfs' | 'devpts' | 'mqueue';
  /** What the backend has to bring to `target`; null: `host/` has mounted it below `root` already, or the backend makes it itself. */
  readonly source: HostPath | null;
  readonly writable: boolean;
}
export interface SeccompProfile {
  readonly defaultAction: string;
  readonly defaultErrnoRet?: number;
  readonly architectures: readonly string[];
  readonly syscalls: readonly {
    readonly names: readonly string[];
    readonly action: string;
    readonly errnoRet?: number;
    readonly args?: readonly { readonly index: number; readonly value: number; readonly valueTwo?: number; readonly op: string }[];
  }[];
}

/** One command run in the jail, everything resolved by main. */
export interface Step {
  readonly name: string;
  readonly setup: boolean;
  /** Text of the script file. */
  readonly script: string;
  /** argv that runs the script; the element `{0}` (or a part of one) stands for the script's path. */
  readonly shell: readonly string[];
  /** Extension of the script file, with the dot, or ''. */
  readonly extension: string;
  /** null: where the root says, which is `/tmp` if it says nothing. */
  readonly cwd: JailPath | null;
  /** Full environment but for what the jail itself adds. Secret values appear here only for `expose`. */
  readonly env: Readonly<Record<string, string>>;
  /** ms; null: the policy's. */
  readonly time: number | null;
  readonly idle: number | null;
  /** null: no terminal. */
  readonly tty: TerminalSize | null;
  readonly agent: AgentWish;
}

export type Usable =
  | { readonly ok: true; readonly version: string; readonly strength: string }
  | { readonly ok: false; readonly why: string; readonly remedy: string };

/** A backend owns namespaces and exec, nothing else. Layers, cgroup and record are the warden's, the same for all. */
export interface Backend {
  readonly name: BackendName;
  /**
   * Null: its processes are the warden's. Else the socket of an engine of the machine's, which starts them: it needs the layers in its own
   * mount namespace, process ids are the machine's, and what it holds outlives the warden. Known once it was probed.
   */
  readonly engine: string | null;
  /** What is not isolated, for whoever uses it or reads its record; null: everything is. A backend that lacks something serves to compare with. */
  readonly lacks: string | null;
  /** What its own processes may take beside the step's, in the run's cgroup: bytes, and processes. */
  readonly overhead: { readonly memory: number; readonly processes: number };
  /** Never throws; `auto`, `doctor` and errors read it. */
  probe(): Promise<Usable>;
  /** Name of the run's cgroup, as this backend can join it. */
  cgroup(id: string): string;
  /** Pure; any entry is a jail-error before anything is made. */
  refuses(spec: JailSpec): readonly string[];
  /** The run's cgroup is there: starts what the first step needs of its own, while the layers are made. */
  begin?(): void;
  /** Builds; runs no agent command. */
  open(spec: JailSpec, places: BackendPlaces): Promise<Jail>;
}
export interface BackendPlaces {
  /** 0700 directory of the run for the backend's own files. */
  readonly state: HostPath;
  /** Where the backend's own stdout and stderr go; never the transcript. */
  readonly log: HostPath;
}
export interface Jail extends AsyncDisposable {
  /** The whole file system as this backend brings it; what the proof from outside compares with. */
  readonly view: readonly Mount[];
  /** What it means that the backend ended before the payload did. */
  readonly died: string;
  start(start: StepStart): Promise<Running>;
}
export interface StepStart {
  /** From 0, setup steps counted. */
  readonly index: number;
  /** argv inside the jail, the wrapper that opens the FIFO (the gate) included. */
  readonly argv: readonly string[];
  readonly cwd: JailPath;
  readonly env: Readonly<Record<string, string>>;
  /** What the step prints to stderr has a FIFO of its own. */
  readonly split: boolean;
  /** Of the terminal that the wrapper opens; null: it opens none. A backend with a kernel of its own (`Running.inside`) has to make it. */
  readonly tty: TerminalSize | null;
  /** The run's cgroup keeps them; a backend with a kernel of its own has to tell that. */
  readonly limits: GroupLimits;
}
/** What the processes of a group may use together. */
export interface GroupLimits {
  /** Bytes. */
  readonly memory: number;
  /** Cores; a fraction is one. */
  readonly cpus: number;
  readonly processes: number;
}
/** `backend`: what holds the payload was killed itself, and how the payload would have ended is not known. */
export type PayloadExit = { readonly code: number | null; readonly signal: string | null } | 'backend';
export interface Running {
  /** Host pid of the held process (the wrapper, before it opens the gate); rejects when the backend ends first. */
  leader(): Promise<number>;
  /** Resolves when nothing holds the payload any more. */
  readonly exit: Promise<PayloadExit>;
  /** Kills the payload where the warden cannot, because its process ids are another namespace's. Idempotent, never rejects. */
  kill(): Promise<void>;
  /** Of a backend with a kernel of its own, where no terminal can be made from outside: what only that sees of limits. */
  readonly inside?: {
    /** Resolves when one was exceeded that ends the run. */
    readonly exceeded: Promise<LimitName>;
    /** Those beyond which something was refused. */
    refused(): readonly LimitName[];
  };
  /** Of a backend that has more to show than the held process: read from outside, once `leader` has resolved. */
  proof?(): readonly Property[];
}
/** Something of the jail that was compared with what it must be, before the gate opened. */
export interface Property {
  readonly property: string;
  readonly seen: string;
  /** null: as it must be. */
  readonly wrong: string | null;
}
