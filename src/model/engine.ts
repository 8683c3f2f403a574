/** Where a Docker engine is, and who says so. */
export interface EngineAt {
  readonly ok: true;
  /** As in DOCKER_HOST: `unix:///run/docker.sock`, `tcp://name:2376`, `npipe:////./pipe/docker_engine`. */
  readonly host: string;
  /** For messages: `DOCKER_HOST`, `the context "name"`, `the usual place`. */
  readonly from: string;
  /** null: the engine is spoken to without TLS. */
  readonly tls: EngineTls | null;
}
/** PEM; null: the machine's own authorities, or no certificate of ours. */
export interface EngineTls {
  readonly ca: string | null;
  readonly cert: string | null;
  readonly key: string | null;
}
/** Where it is cannot be said, or must not be used. It counts only where an engine is needed. */
export interface NoEngine {
  readonly ok: false;
  readonly message: string;
  readonly remedy: string;
}
export type EngineChoice = EngineAt | NoEngine;
