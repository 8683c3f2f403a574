import * as v from 'valibot';
import { FLAGS } from '../model/changes.ts';
import { parseHostName, parseHosts } from './hosts.ts';
import * as rule from './rules.ts';
import { either, flag, isMap, list, map, named, count, number, oneOf, sizeOf, text } from './shape.ts';

// What users write. Every description is shown by editors (JSON Schema); defaults that depend on nothing else stand here.

const names = (description: string) => list(text('the name of an environment variable', rule.variableName, 'a name'), description);
const literals = (description: string) => named(rule.variableName, text('text', rule.plainText, 'the value, as it is'), description);
const methods = () => list(text('an HTTP method', rule.method, 'such as GET'), 'HTTP methods that are allowed; none listed: all');
const paths = () =>
  list(text('the path of a URL', rule.urlPath, 'such as /v1/*'), 'paths that are allowed; `*` at the end is any rest; none listed: all');
const port = (description: string) => count(1, 65_535, description);

const host = text('a host', parseHosts, 'host.name, *.name (below it), .name (both), 1.2.3.4/32, or a preset such as npm');
const hostRule = either(
  [
    host,
    map(
      {
        host,
        ports: v.optional(list(port('a port'), 'ports'), [80, 443]),
        methods: v.optional(methods(), []),
        paths: v.optional(paths(), []),
        tls: v.optional(
          oneOf(
            ['visible', 'named', 'any'],
            'TLS that passes without being looked into: none, that which names the host, or any; default: `named`, with methods or paths `visible`',
          ),
        ),
      },
      'a host, and what may be asked of it',
    ),
  ],
  'a host, or a map with host, ports, methods, paths, tls',
  'a host, or a map that says more of it',
);
const network = (description: string) =>
  either(
    [
      oneOf(['none'], 'nothing is reachable'),
      list(hostRule, 'the hosts that are reachable'),
      map(
        {
          allow: v.optional(list(hostRule, 'hosts that are reachable'), []),
          services: v.optional(
            named(rule.serviceName, port("port of the runner's loopback"), "ports of the runner's loopback, reachable by these names"),
            {},
          ),
          observe: v.optional(flag('let every public host through, and log it; not with secrets or services'), false),
        },
        'hosts, services, or everything',
      ),
    ],
    '`none`, a list of hosts, or a map with allow, services, observe',
    description,
  );

const exactHost = text('the name of a host', parseHostName, 'one exact host name');
const secrets = (description: string) =>
  named(
    rule.variableName,
    either(
      [
        oneOf(['expose'], 'the jail holds the value'),
        map(
          {
            inject: either(
              [exactHost, list(exactHost, 'exact host names')],
              'a host name, or a list of them',
              'the gateway adds the value on the way to this host',
            ),
            methods: v.optional(methods(), []),
            paths: v.optional(paths(), []),
          },
          'the jail holds a placeholder',
        ),
      ],
      '`expose`, or a map with inject, methods, paths',
      'how the secret of this name is used',
    ),
    description,
  );

const stepLimits = {
  memory: sizeOf((text) => rule.size(text, 4 << 20), "memory of all processes together; default: 75 % of the machine's"),
  cpus: number(0.01, 4096, "processors; default: all of the machine's"),
  processes: count(1, 4_194_304, 'processes and threads at a time'),
  time: text('a time', rule.time, 'how long a step may take'),
  idle: text('a time, or `off`', rule.timeOrOff, 'how long a step may print nothing; `off`: no limit'),
  output: sizeOf((text) => rule.size(text), 'what a step may print'),
};
const limits = {
  memory: v.optional(stepLimits.memory),
  cpus: v.optional(stepLimits.cpus),
  processes: v.optional(stepLimits.processes, 1024),
  time: v.optional(stepLimits.time, '60m'),
  idle: v.optional(stepLimits.idle, 'off'),
  output: v.optional(stepLimits.output, '100MiB'),
  disk: v.optional(
    sizeOf((text) => rule.size(text, 1 << 20), 'what the run may write; default: 10 GiB, or half of what is free where that is less'),
  ),
  files: v.optional(count(1, 100_000_000, 'files, directories and links that the run may make'), 1_000_000),
  upload: v.optional(sizeOf(rule.sizeOrNone, 'what the run may send; `none`: no limit'), 'none'),
  download: v.optional(sizeOf(rule.sizeOrNone, 'what the run may receive; `none`: no limit'), 'none'),
  connections: v.optional(count(0, 1_000_000_000, 'connections that the run may make; default: no limit')),
  requests: v.optional(count(0, 1_000_000_000, 'HTTP requests that the gateway sees of the run; default: no limit')),
};

const globs = (description: string) => list(text('a pattern', rule.glob, 'a gitignore pattern'), description);
const expressions = (description: string) =>
  list(text('a regular expression', rule.expression, 'a regular expression of JavaScript'), description);
/** Changes that fail a run unless the policy says otherwise. */
export const FORBIDDEN_FLAGS = ['secret', 'setuid', 'special', 'escaping-link'] as const;
const changes = {
  allow: v.optional(globs('only these paths may change')),
  review: v.optional(globs('a change here needs review')),
  deny: v.optional(globs('a change here fails the run; wins over allow and review')),
  forbid: v.optional(list(oneOf(FLAGS, 'a flag of a change'), 'changes with one of these flags fail the run'), [...FORBIDDEN_FLAGS]),
  require: v.optional(globs('each of these must match a change')),
  'max-files': v.optional(count(0, 100_000_000, 'changed files')),
  'max-added-lines': v.optional(count(0, 1_000_000_000, 'lines that the patch adds')),
  'max-bytes': v.optional(sizeOf((text) => rule.size(text, 0), 'size of the changed files together')),
  root: v.optional(flag('whether files outside the workspace and the home may change')),
};

const root = either(
  [
    oneOf(['host'], "the runner's own programs, read through an overlay"),
    map(
      {
        image: v.optional(text('an image', rule.imageReference, 'a container image')),
        directory: v.optional(text('an absolute path', rule.mountPath, 'a directory that holds a root file system')),
        archive: v.optional(text('an absolute path', rule.absolutePath, 'a tar archive of a root file system')),
        sha256: v.optional(text('a SHA-256', rule.sha256, 'what the archive must be')),
      },
      'exactly one of image, directory, archive',
    ),
  ],
  '`host`, or a map with one of image, directory, archive',
  'where the root file system of the jail comes from',
);

const ACCESS = ['copy-on-write', 'read-only', 'none'] as const;
const NO_WRITE = { 'read-write': 'There is no read-write; with `copy-on-write` the writes are kept in the record.' };
const workspaceAccess = oneOf(ACCESS, 'what steps may do in the workspace', NO_WRITE);

const runtime = text('the name of a runtime', rule.runtimeName, 'an OCI runtime that the engine has, by its name');
const emulation = oneOf(['allow', 'refuse'], 'whether a virtual machine may be emulated, which is slow, where /dev/kvm is of no use');

export const policySchema = map(
  {
    version: v.optional(v.pipe(v.literal(1, 'the only version is 1\nWrite `version: 1`.'), v.description('version of this format')), 1),
    jail: v.optional(
      map(
        {
          backend: v.optional(
            oneOf(['auto', 'nspawn', 'docker', 'vm'], 'what puts the processes into the jail', {
              chroot: 'chroot isolates nothing; it can be asked for on the command line only.',
            }),
            'auto',
          ),
          root: v.optional(root, 'host'),
          toolchain: v.optional(oneOf(['auto', 'none'], 'whether the jail sees what setup actions installed'), 'auto'),
          docker: v.optional(map({ runtime: v.optional(runtime) }, 'for the backend docker')),
          vm: v.optional(map({ emulation: v.optional(emulation, 'refuse') }, 'how a virtual machine is made'), {}),
        },
        'how the jail is made',
        ['user'],
      ),
      {},
    ),
    workspace: v.optional(
      either(
        [
          workspaceAccess,
          map(
            { access: v.optional(workspaceAccess, 'copy-on-write'), hide: v.optional(globs('paths that are not there in the jail'), []) },
            'the workspace',
          ),
        ],
        `one of ${ACCESS.join(', ')}, or a map with access, hide`,
        'the checked-out repository, at its own path',
      ),
      'copy-on-write',
    ),
    mounts: v.optional(
      list(
        either(
          [
            text('an absolute path', rule.mountPath, 'a directory, read-only, at its own path'),
            map(
              {
                source: text('an absolute path', rule.mountPath, 'a directory of the runner'),
                target: v.optional(text('an absolute path', rule.mountTarget, 'where the jail sees it; default: the same path')),
                access: v.optional(oneOf(['read-only', 'copy-on-write'], 'what steps may do in it', NO_WRITE), 'read-only'),
              },
              'a directory',
            ),
          ],
          'an absolute path, or a map with source, target, access',
          'a further directory',
        ),
        'further directories of the runner that the jail sees',
      ),
      [],
    ),
    env: v.optional(literals('environment variables of every step'), {}),
    'pass-env': v.optional(names('variables that steps get from the environment of the action'), []),
    secrets: v.optional(secrets('secrets, by the name of the environment variable that holds them'), {}),
    network: v.optional(network('what steps can reach'), 'none'),
    limits: v.optional(map(limits, 'what a run may use'), {}),
    guards: v.optional(
      map(
        {
          changes: v.optional(map(changes, 'rules for what was changed'), {}),
          network: v.optional(
            map(
              { denied: v.optional(oneOf(['fail', 'review', 'ignore'], 'what a refused connection means'), 'ignore') },
              'rules for what was reached',
            ),
            {},
          ),
          output: v.optional(
            map(
              {
                require: v.optional(expressions('each of these must match what was printed'), []),
                forbid: v.optional(expressions('none of these may match what was printed'), []),
              },
              'rules for what was printed',
            ),
            {},
          ),
        },
        'rules that the record is checked against',
      ),
      {},
    ),
    result: v.optional(
      map(
        {
          schema: v.optional(
            v.pipe(
              v.custom<Record<string, unknown>>(isMap, 'not a map\nWrite a JSON Schema here.'),
              v.description('JSON Schema of what the agent writes to $AGENT_JAIL_RESULT; none: any text'),
            ),
          ),
        },
        'what the agent answers',
      ),
      {},
    ),
    record: v.optional(
      map(
        {
          streams: v.optional(oneOf(['merged', 'split'], 'whether stdout and stderr are one stream, in exact order, or two'), 'merged'),
          touched: v.optional(flag('whether files are listed whose time alone was changed'), false),
        },
        'what the record holds',
      ),
      {},
    ),
    setup: v.optional(
      map(
        {
          network: v.optional(network('what setup steps can reach')),
          env: v.optional(literals('environment variables of setup steps')),
          'pass-env': v.optional(names('variables that setup steps get from the environment of the action')),
          secrets: v.optional(secrets('secrets of setup steps; default: none'), {}),
          limits: v.optional(
            map(
              {
                memory: v.optional(stepLimits.memory),
                cpus: v.optional(stepLimits.cpus),
                processes: v.optional(stepLimits.processes),
                time: v.optional(stepLimits.time),
                idle: v.optional(stepLimits.idle),
                output: v.optional(stepLimits.output),
              },
              'what a setup step may use',
            ),
            {},
          ),
        },
        "in force for setup steps instead of the run's; what is left out is the run's, but for secrets",
      ),
      {},
    ),
  },
  'What an agent-jail run may see, reach, use and change.',
);

/** A policy as users write it, simple defaults filled in. */
export type UserPolicy = v.InferOutput<typeof policySchema>;
export type UserNetwork = UserPolicy['network'];
export type UserSecrets = UserPolicy['secrets'];
