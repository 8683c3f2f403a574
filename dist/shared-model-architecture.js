// src/model/architecture.ts
var ARCHITECTURES = {
  x64: {
    /** libseccomp, as the OCI runtime specification has it. */
    seccomp: "SCMP_ARCH_X86_64",
    /** Of images (OCI image specification, `GOARCH`). */
    image: "amd64",
    /** Directory of libraries in Debian and Ubuntu. */
    triplet: "x86_64-linux-gnu",
    /** As engines say it (`GET /info`): Docker by uname(2), Podman as images do. */
    engine: ["x86_64", "amd64"]
  },
  arm64: { seccomp: "SCMP_ARCH_AARCH64", image: "arm64", triplet: "aarch64-linux-gnu", engine: ["aarch64", "arm64"] }
};
var architectureOf = (arch) => Object.hasOwn(ARCHITECTURES, arch) ? arch : null;
var ARCHITECTURE_NAMES = Object.keys(ARCHITECTURES).join(" or ");
var LARGEST_PAGE = 1 << 16;

export {
  ARCHITECTURES,
  architectureOf,
  ARCHITECTURE_NAMES
};
