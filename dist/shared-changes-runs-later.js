const { isUtf8 } = process.getBuiltinModule("node:buffer");
import {
  split,
  view
} from "./shared-changes-bytes.js";
import {
  FLAGS
} from "./shared-model-changes.js";
import {
  require_ignore
} from "./shared-ignore.js";
import {
  __toESM
} from "./shared-runtime.js";

// src/changes/flags.ts

// src/changes/kinds.ts
var LOCKFILES = [
  "package-lock.json",
  "npm-shrinkwrap.json",
  "yarn.lock",
  "pnpm-lock.yaml",
  "bun.lock",
  "bun.lockb",
  "deno.lock",
  "Cargo.lock",
  "poetry.lock",
  "uv.lock",
  "pdm.lock",
  "pylock*.toml",
  "Pipfile.lock",
  "Gemfile.lock",
  "composer.lock",
  "go.sum",
  "go.work.sum",
  "mix.lock",
  "flake.lock",
  "pubspec.lock",
  "Podfile.lock",
  "Package.resolved",
  "packages.lock.json",
  "gradle.lockfile",
  "conan.lock",
  "MODULE.bazel.lock",
  ".terraform.lock.hcl"
];
var GENERATED = [
  "*.min.js",
  "*.min.css",
  "*.js.map",
  "*.css.map",
  "*.pb.go",
  "*.pb.cc",
  "*.pb.h",
  "*_pb2.py",
  "*_pb2.pyi",
  "*_pb2_grpc.py",
  "*.g.dart",
  "*.freezed.dart",
  "*.designer.cs",
  "*.Designer.cs",
  "*.generated.*",
  "__generated__/"
];
var NOISE = [
  "/var/lib/apt/",
  "/var/cache/",
  "/var/log/",
  "/etc/ld.so.cache",
  "/usr/share/mime/",
  "/usr/share/info/dir",
  "__pycache__/",
  "*.pyc",
  ".cache/",
  ".npm/_cacache/",
  ".npm/_logs/",
  ".npm/_update-notifier-last-checked",
  ".cargo/registry/cache/",
  ".cargo/registry/index/",
  ".bash_history",
  ".lesshst",
  ".wget-hsts"
];

// src/changes/patterns.ts
var import_ignore = __toESM(require_ignore(), 1);
var Patterns = class {
  #all;
  /** What every path that matches holds. */
  #hint;
  constructor(patterns, options) {
    this.#all = (0, import_ignore.default)({ ignorecase: options.fold }).add([...patterns]);
    this.#hint = new RegExp(patterns.map(literalOf).join("|"), options.fold ? "i" : "");
  }
  matches(path, directory) {
    if (path.length === 0) return false;
    const text = view(path).toString();
    return this.#hint.test(text) && this.#all.ignores(directory ? `${text}/` : text);
  }
};
function literalOf(pattern) {
  const [longest = ""] = pattern.split(/[*/?]|\[[^\]]*\]/).sort((a, b) => b.length - a.length);
  return longest.replace(/[.+^${}()|\\]/g, "\\$&");
}

// src/changes/runs-later.ts
var RUNS_LATER = [
  { why: "GitHub runs it", patterns: [".github/workflows/", ".github/actions/", "action.yml", "action.yaml", ".github/dependabot.yml"] },
  { why: "decides who reviews", patterns: ["CODEOWNERS"] },
  { why: "sets what a jail allows", patterns: [".github/agent-jail*", "/agent-jail*.yml", "/agent-jail*.yaml"] },
  {
    why: "another CI service runs it",
    patterns: [
      ".gitlab-ci.yml",
      ".circleci/",
      ".travis.yml",
      "azure-pipelines*.yml",
      "Jenkinsfile",
      ".buildkite/",
      ".drone.yml",
      "appveyor.yml",
      ".ci/",
      "bitbucket-pipelines.yml",
      ".woodpecker/",
      ".woodpecker.yml",
      ".forgejo/",
      ".gitea/",
      "cloudbuild.yaml",
      ".readthedocs.y*ml"
    ]
  },
  {
    why: "git runs or obeys it",
    patterns: [
      "**/.git/hooks/",
      "**/.git/config*",
      ".gitmodules",
      ".gitattributes",
      ".gitconfig",
      ".githooks/",
      ".husky/",
      "lefthook.y*ml",
      ".pre-commit-config.y*ml"
    ]
  },
  {
    why: "npm and its kin run scripts of it or obey it",
    patterns: [
      "package.json",
      ".npmrc",
      ".yarnrc",
      ".yarnrc.yml",
      ".yarn/",
      ".pnpmfile.*",
      "pnpm-workspace.yaml",
      "bunfig.toml",
      "binding.gyp"
    ]
  },
  {
    why: "a lock file says what is installed",
    patterns: ["package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml", "bun.lock", "bun.lockb"]
  },
  {
    why: "a JavaScript tool loads it",
    patterns: [
      "*.config.js",
      "*.config.cjs",
      "*.config.mjs",
      "*.config.ts",
      "*.config.mts",
      "*.config.cts",
      ".eslintrc*",
      ".prettierrc*",
      ".babelrc*",
      ".mocharc*",
      "gulpfile.*",
      "Gruntfile.*",
      ".swcrc",
      "deno.json*"
    ]
  },
  {
    why: "Python runs it on import, test or install",
    patterns: [
      "conftest.py",
      "setup.py",
      "setup.cfg",
      "pyproject.toml",
      "tox.ini",
      "noxfile.py",
      "pytest.ini",
      "sitecustomize.py",
      "usercustomize.py",
      "*.pth",
      "tasks.py",
      "requirements*.txt",
      "pip.conf"
    ]
  },
  {
    why: "a build tool runs it",
    patterns: [
      "Makefile",
      "GNUmakefile",
      "*.mk",
      "CMakeLists.txt",
      "*.cmake",
      "configure.ac",
      "meson.build",
      "justfile",
      ".justfile",
      "Taskfile.y*ml",
      "BUILD.bazel",
      "WORKSPACE.bazel",
      "MODULE.bazel",
      "*.bzl",
      ".bazelrc",
      "Rakefile",
      "Gemfile",
      "*.gemspec",
      "build.rs",
      ".cargo/",
      "Cargo.toml",
      "pom.xml",
      ".mvn/",
      "mvnw",
      "mvnw.cmd",
      "build.gradle*",
      "settings.gradle*",
      "gradle.properties",
      "gradle/wrapper/",
      "gradlew",
      "gradlew.bat",
      "build.sbt",
      "project/*.sbt",
      "*.csproj",
      "*.targets",
      "*.props",
      "composer.json",
      "Package.swift",
      "mix.exs",
      "flake.nix",
      "default.nix",
      "shell.nix"
    ],
    exact: ["BUILD", "WORKSPACE", "configure"]
  },
  {
    why: "a container is built or started from it",
    patterns: [
      "Dockerfile*",
      "*.dockerfile",
      "Containerfile",
      "compose*.y*ml",
      "docker-compose*.y*ml",
      ".devcontainer/",
      ".devcontainer.json"
    ]
  },
  {
    why: "the shell or its helpers obey it",
    patterns: [
      ".envrc",
      ".env",
      ".env.*",
      ".tool-versions",
      "mise.toml",
      ".mise.toml",
      ".mise/",
      ".bashrc",
      ".profile",
      ".bash_profile",
      ".zshrc",
      ".zshenv"
    ]
  },
  {
    why: "an editor runs tasks of it",
    patterns: [
      ".vscode/",
      ".idea/",
      "*.code-workspace",
      ".vimrc",
      ".exrc",
      ".nvim.lua",
      ".nvimrc",
      ".dir-locals.el",
      ".zed/",
      ".gdbinit",
      ".lldbinit"
    ]
  },
  {
    why: "another agent obeys it",
    patterns: [
      "CLAUDE.md",
      "CLAUDE.local.md",
      "AGENTS.md",
      "AGENTS.override.md",
      "GEMINI.md",
      ".claude/",
      ".codex/",
      ".gemini/",
      ".mcp.json",
      "mcp.json",
      ".cursor/",
      ".cursorrules",
      ".windsurf/",
      ".windsurfrules",
      ".clinerules",
      ".roo/",
      ".aider*",
      ".opencode/",
      "opencode.json*",
      ".goosehints",
      ".pi/",
      ".github/copilot-instructions.md",
      ".github/instructions/",
      ".github/prompts/",
      ".github/chatmodes/",
      ".github/agents/",
      ".github/hooks/",
      ".agents/",
      "SKILL.md"
    ]
  }
];

// src/changes/flags.ts
function flagsOf(facts) {
  const { after, path } = facts;
  const workspace = facts.layer === "workspace";
  const directory = (after ?? facts.before)?.type === "directory";
  const is = {
    "runs-later": workspace && runsLater(path, directory),
    secret: facts.secret,
    // A file capability is a setuid bit in parts.
    setuid: after?.type === "file" && ((after.mode & 3072) !== 0 || after.xattrs?.["security.capability"] !== void 0),
    special: facts.unread || after !== null && ["fifo", "socket", "device"].includes(after.type),
    "escaping-link": after !== null && after.link !== null && escapes(facts.layer, facts.target, path, after.link),
    binary: facts.binary,
    ignored: facts.ignored,
    "git-dir": isGitDir(path),
    "odd-name": split(path).some(isOddName),
    "base-changed": facts.baseChanged,
    lockfile: workspace && !directory && lockfiles.matches(path, false),
    generated: workspace && !directory && (facts.generated || generated.matches(path, false)),
    filtered: facts.filtered,
    noise: !workspace && noise.matches(path, directory)
  };
  return FLAGS.filter((flag) => is[flag]);
}
var folded = new Patterns(
  RUNS_LATER.flatMap(({ patterns }) => patterns),
  { fold: true }
);
var exact = new Patterns(
  RUNS_LATER.flatMap((group) => group.exact ?? []),
  { fold: false }
);
var reasons = RUNS_LATER.map(({ why, patterns, exact: cased = [] }) => ({
  why,
  patterns: [
    ...patterns.length > 0 ? [new Patterns(patterns, { fold: true })] : [],
    ...cased.length > 0 ? [new Patterns(cased, { fold: false })] : []
  ]
}));
var lockfiles = new Patterns(LOCKFILES, { fold: false });
var generated = new Patterns(GENERATED, { fold: false });
var noise = new Patterns(NOISE, { fold: false });
function runsLater(path, directory) {
  return folded.matches(path, directory) || exact.matches(path, directory);
}
function whyLater(path, directory) {
  return reasons.find(({ patterns }) => patterns.some((some) => some.matches(path, directory)))?.why ?? null;
}
function isGitDir(path) {
  return split(path).some((name) => /(?:^|\\)(?:\.git|git~1)[. ]*(?:$|[\\:])/i.test(name.toString("latin1")));
}
function isOddName(name) {
  const text = view(name).toString();
  return !isUtf8(name) || /[\p{Cc}\p{Cf}\p{Co}\p{Zl}\p{Zp}]/u.test(text) || text.startsWith("-") || isWhiteoutName(name);
}
function isWhiteoutName(name) {
  return view(name).toString("latin1", 0, 4) === ".wh.";
}
function escapes(layer, target, path, link) {
  if (layer === "root") return false;
  const parts = split(link).map((part) => part.toString("latin1"));
  const absolute = link[0] === 47;
  if (absolute && (layer === "workspace" || !view(link).toString().startsWith(`${target}/`))) return true;
  const names = parts.filter((part) => part !== ".");
  const ups = names.findIndex((part) => part !== "..");
  const climbs = ups === -1 ? names.length : ups;
  if (names.slice(climbs).includes("..")) return true;
  return !absolute && climbs > split(path).length - 1;
}

export {
  flagsOf,
  runsLater,
  whyLater,
  isWhiteoutName
};
