// Preloaded by node: the programs see a machine of Windows, as far as its interface goes. Disk D: is this machine's root, paths have
// backslashes, files no modes, the file system no flags of POSIX's, and engines are at named pipes. `WINDOWS_PIPE`: the socket that a pipe is.
import childProcess from 'node:child_process';
import fs from 'node:fs';
import { Module } from 'node:module';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';

/** A path as a program of Windows writes it, to what it is here. */
const real = (written) => {
  if (Buffer.isBuffer(written)) return Buffer.from(real(written.toString('latin1')), 'latin1');
  if (typeof written !== 'string') return written;
  const slashed = written.replaceAll('\\', '/').replace(/^\/\/\?\//, '');
  if (/^[C-Z]:/i.test(slashed) && !/^D:(?:\/|$)/i.test(slashed)) return `/no such drive/${slashed}`;
  if (/^\/(?!\/)/.test(slashed) && !`${slashed}/`.startsWith(OWN)) return `/no drive/${slashed}`;
  return slashed.replace(/^D:(?=\/|$)/i, '') || '/';
};
/** The programs themselves are where node found them, and not on a drive. */
const OWN = new URL('../../dist/', import.meta.url).pathname;
const shown = (at) => `D:${at.replaceAll('/', '\\')}`;
const told = (result) =>
  Buffer.isBuffer(result) ? Buffer.from(told(result.toString())) : result.startsWith('/') ? shown(result) : result.replaceAll('/', '\\');
const modeless = (stat) => {
  if (stat === undefined || stat === null) return stat;
  const big = typeof stat.mode === 'bigint';
  const [kind, bits] = big ? [stat.mode & 0o170000n, 0o666n] : [stat.mode & 0o170000, 0o666];
  return Object.assign(stat, { mode: kind | bits, uid: big ? 0n : 0, gid: big ? 0n : 0 });
};

const AFTER = { realpath: told, readlink: told, mkdtemp: told, stat: modeless, lstat: modeless, fstat: modeless };
const NO_PATH = /^(?:close|read|write|fstat|f[a-z]+|readv|writev)(?:Sync)?$/;
const TWO = /^(?:rename|copyFile|cp|link)(?:Sync)?$/;
/** A function of node:fs that takes and gives paths of Windows. */
function wrapped(name, call, promised) {
  const after = AFTER[name.replace(/Sync$/, '')] ?? ((result) => result);
  const wrap =
    (inner) =>
    (...args) => {
      if (!NO_PATH.test(name)) args[0] = real(args[0]);
      if (TWO.test(name)) args[1] = real(args[1]);
      const result = inner(...args);
      return name.endsWith('Sync') ? after(result) : promised ? result.then(after) : result;
    };
  return Object.assign(wrap(call), call.native === undefined ? {} : { native: wrap(call.native) });
}
const wrapAll = (from, promised) =>
  Object.fromEntries(
    Object.entries(from).map(([name, value]) => [
      name,
      typeof value === 'function' && /^[a-z]/.test(name) ? wrapped(name, value, promised) : value,
    ]),
  );
const constants = Object.fromEntries(Object.entries(fs.constants).filter(([name]) => !/^O_(?:NO|DIR|DSYNC|SYNC)/.test(name)));
const promises = { ...wrapAll(fs.promises, true), constants };

/** Programs are this machine's, and so are the paths that they get. */
const started =
  (call) =>
  (file, args, options, ...rest) => {
    const cwd = options?.cwd === undefined ? {} : { cwd: real(options.cwd) };
    return call(
      file,
      args.map((one) => (/^D:[/\\]/.test(one) ? real(one) : one)),
      { ...options, ...cwd },
      ...rest,
    );
  };
const pipe =
  (call) =>
  (first, ...rest) =>
    call(typeof first === 'string' && first.startsWith('\\\\.\\pipe\\') ? (process.env['WINDOWS_PIPE'] ?? first) : first, ...rest);
const modules = {
  path: path.win32,
  fs: { ...wrapAll(fs, false), constants, promises },
  'fs/promises': promises,
  child_process: { ...childProcess, spawn: started(childProcess.spawn), execFile: started(childProcess.execFile) },
  os: { ...os, homedir: () => 'C:\\Users\\me', userInfo: () => ({ ...os.userInfo(), homedir: 'C:\\Users\\me' }) },
  net: { ...net, connect: pipe(net.connect) },
};
// As the bundle gets them.
const builtin = process.getBuiltinModule.bind(process);
process.getBuiltinModule = (name) => modules[name.replace(/^node:/, '')] ?? builtin(name);
const plain = Reflect.get(Module.prototype, 'require');
Module.prototype.require = function (name) {
  const own = this.filename.startsWith(OWN) ? modules[name.replace(/^node:/, '')] : undefined;
  return own ?? Reflect.apply(plain, this, [name]);
};

const at = process.cwd();
/** Node itself asks for it, too. */
const cwd = () => ((new Error('who asks').stack ?? '').split('\n')[2]?.includes(OWN) ? shown(at) : at);
Object.defineProperty(process, 'platform', { value: 'win32' });
Object.assign(process, { cwd, getuid: undefined, getgid: undefined, execPath: 'D:\\node\\node.exe' });
// What a runner says of places.
for (const [name, value = ''] of Object.entries(process.env))
  if (/^(?:GITHUB|RUNNER)_/.test(name) && value.startsWith('/')) process.env[name] = shown(value);
