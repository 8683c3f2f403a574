const { execFile } = process.getBuiltinModule("node:child_process");
// src/system/exec.ts
var SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
function cleanEnv(platform, env) {
  const bare = { LANG: "C.UTF-8", LC_ALL: "C.UTF-8" };
  if (platform !== "win32") return { PATH: SYSTEM_PATH, ...bare };
  const of = (name) => Object.entries(env).find(([one]) => one.toUpperCase() === name)?.[1] ?? "";
  return { PATH: of("PATH"), SystemRoot: of("SYSTEMROOT"), ...bare };
}
var CLEAN_ENV = cleanEnv(process.platform, process.env);
var SINGLE_THREADED = ["--single-threaded-gc", "--no-concurrent-recompilation", "--no-concurrent-sparkplug"];
async function exec(argv, options = {}) {
  const { stdout, stderr, ...result } = await execBytes(argv, options);
  return { ...result, stdout: text(stdout), stderr: text(stderr) };
}
function execBytes([file, ...args], options = {}) {
  const { env = CLEAN_ENV, cwd, input = "", timeout = 6e4, maxBuffer = 1 << 20 } = options;
  return new Promise((resolve) => {
    const child = execFile(
      file,
      args,
      { env, cwd, timeout, maxBuffer, killSignal: "SIGKILL", encoding: "buffer" },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === "number" ? error.code : null;
        const missing = error?.code === "ENOENT";
        const timedOut = error?.killed === true && typeof error.code !== "string";
        resolve({ code, signal: error?.signal ?? null, stdout, stderr, missing, timedOut });
      }
    );
    child.stdin?.on("error", () => {
    });
    child.stdin?.end(input);
  });
}
var text = (bytes) => bytes.toString("utf8").replace(/\r?\n$/, "");
function failure(argv, result) {
  const how = result.missing ? "is not there" : result.timedOut ? "did not end in time" : `ended with ${result.signal ?? result.code}`;
  const said = result.stderr.trim().split("\n").slice(-3).join(" / ").slice(0, 500);
  return `${argv[0]} ${how}${said === "" ? "" : `: ${said}`}`;
}

export {
  SYSTEM_PATH,
  CLEAN_ENV,
  SINGLE_THREADED,
  exec,
  execBytes,
  failure
};
