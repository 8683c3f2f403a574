import type * as v from 'valibot';
import type { Change } from '../model/changes.ts';
import type { NetworkLine } from '../model/gateway.ts';
import type { HostPath, Sha256 } from '../model/names.ts';
import type { ManifestDocument, RecordFile, RunDocument, VerdictDocument } from '../model/record.ts';
import type { ProgramLine } from '../model/programs.ts';
import type { Trajectory } from '../model/trajectory.ts';
import { decodeChange } from './change-line.ts';
import { RecordError } from './error.ts';
import { fileSize, listRecord, readPieces, readSmall } from './files.ts';
import { check, checkSchema, lineOf, NdjsonFile, parseObject } from './ndjson.ts';
import type { Decode } from './ndjson.ts';
import {
  agentSchema,
  manifestSchema,
  networkSchema,
  programsSchema,
  runSchema,
  transcriptSchema,
  usageSchema,
  verdictSchema,
} from './schema.ts';
import { trajectorySchema } from './schema-trajectory.ts';
import { sha256 } from './write.ts';

export type TranscriptLine = v.InferOutput<typeof transcriptSchema>;
export type AgentLine = v.InferOutput<typeof agentSchema>;
export type UsageLine = v.InferOutput<typeof usageSchema>;
/** The JSON documents of a record. */
export interface Documents {
  readonly 'run.json': RunDocument;
  readonly 'manifest.json': ManifestDocument;
  readonly 'verdict.json': VerdictDocument;
  readonly 'trajectory.json': Trajectory;
}
const SCHEMAS = {
  'run.json': runSchema,
  'manifest.json': manifestSchema,
  'verdict.json': verdictSchema,
  'trajectory.json': trajectorySchema,
} as const;
/** The files of lines. */
export interface LineFiles {
  readonly 'agent.ndjson': AgentLine;
  readonly 'changes.ndjson': Change;
  readonly 'network.ndjson': NetworkLine;
  readonly 'programs.ndjson': ProgramLine;
  readonly 'transcript.ndjson': TranscriptLine;
  readonly 'usage.ndjson': UsageLine;
}
export const LINE_FILES = [
  'agent.ndjson',
  'changes.ndjson',
  'network.ndjson',
  'programs.ndjson',
  'transcript.ndjson',
  'usage.ndjson',
] as const;

/**
 * A record, one's own or a stranger's: the only way to read one. Nothing is believed: regular files only, sizes and lines are limited,
 * every document and line is checked against its schema. What does not fit is a RecordError that names file and line.
 */
export interface RecordReader {
  readonly dir: HostPath;
  /** Every name in the directory, known or not. */
  readonly names: readonly string[];
  /** A document and the SHA-256 of its bytes. An empty file was never filled: a RecordError, like an absent one. */
  document<F extends keyof Documents>(file: F): { readonly value: Documents[F]; readonly sha256: Sha256 };
  lines<F extends keyof LineFiles>(file: F): NdjsonFile<LineFiles[F]>;
  /** Bytes; null: there is no such file. */
  size(file: RecordFile): number | null;
  /** In order; each piece is valid until the next is asked for. */
  pieces(file: RecordFile): Iterable<Buffer>;
}

/** @throws RecordError where `dir` is not a directory that can be read. */
export function openRecordDir(dir: HostPath): RecordReader {
  return {
    dir,
    names: listRecord(dir),
    document: (file) => readDocument(dir, file),
    lines: (file) => lines(dir, file),
    size: (file) => fileSize(dir, file),
    pieces: (file) => readPieces(dir, file),
  };
}

/** `run.json` alone. */
export async function readRun(dir: HostPath): Promise<RunDocument> {
  return readDocument(dir, 'run.json').value;
}

function readDocument<F extends keyof Documents>(dir: HostPath, file: F): { value: Documents[F]; sha256: Sha256 } {
  const bytes = readSmall(dir, file);
  if (bytes === null) throw new RecordError(file, null, 'is not in the record');
  if (bytes.length === 0) throw new RecordError(file, null, 'is empty');
  const value = parseObject(file, null, bytes);
  // The one format that is not ours.
  if (file !== 'trajectory.json') checkSchema(file, value, null);
  // `schema.ts` holds each of these schemas to the model's type.
  return { value: check(file, null, SCHEMAS[file], value) as unknown as Documents[F], sha256: sha256(bytes) };
}

function lines<F extends keyof LineFiles>(dir: HostPath, file: F): NdjsonFile<LineFiles[F]> {
  return new NdjsonFile<LineFiles[F]>(dir, file, DECODERS[file]);
}
const DECODERS: { readonly [F in keyof LineFiles]: Decode<LineFiles[F]> } = {
  'agent.ndjson': lineOf('agent.ndjson', agentSchema),
  'changes.ndjson': decodeChange,
  'network.ndjson': lineOf('network.ndjson', networkSchema),
  'programs.ndjson': lineOf('programs.ndjson', programsSchema),
  'transcript.ndjson': lineOf('transcript.ndjson', transcriptSchema),
  'usage.ndjson': lineOf('usage.ndjson', usageSchema),
};
