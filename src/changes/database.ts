import { DatabaseSync } from 'node:sqlite';

/** Messages of a session's database, and parts of one message. */
const MOST = { messages: 20_000, parts: 5000 };

/**
 * What an agent's database (SQLite, opencode's tables `message` and `part`) holds, a row a line of JSON, each message before its parts. An
 * agent may have made it: it is opened in a process that can do nothing and has little time (`session-database.ts`), and rows are read of
 * plain tables only. Views, virtual tables and generated columns can compute without end. Throws where it is no such database.
 */
export function* databaseLines(path: string): Generator<string> {
  const database = new DatabaseSync(path, { allowExtension: false });
  database.exec('PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0');
  for (const table of ['message', 'part']) requirePlain(database, table);
  const messages = database.prepare(
    `SELECT id, session_id, time_created, data FROM message WHERE typeof(data) = 'text' ORDER BY time_created, id LIMIT ${MOST.messages}`,
  );
  const parts = database.prepare(
    `SELECT id, session_id, message_id, data FROM part WHERE message_id = ? AND typeof(data) = 'text' ORDER BY id LIMIT ${MOST.parts}`,
  );
  for (const message of messages.iterate()) {
    yield row('message', message);
    for (const part of parts.iterate(message['id'] ?? null)) yield row('part', part);
  }
}

function requirePlain(database: DatabaseSync, table: string): void {
  const plain = database.prepare(
    `SELECT count(*) AS count FROM sqlite_schema WHERE name = ? AND type = 'table' AND upper(sql) NOT LIKE 'CREATE VIRTUAL%'`,
  );
  const hidden = database.prepare('SELECT count(*) AS count FROM pragma_table_xinfo(?) WHERE hidden <> 0');
  if (plain.get(table)?.['count'] !== 1 || hidden.get(table)?.['count'] !== 0) throw new Error(`there is no plain table ${table}`);
}

/** `data` is JSON, or else text. */
function row(table: string, { data, ...columns }: Readonly<Record<string, unknown>>): string {
  let value: unknown = data;
  try {
    value = JSON.parse(String(data));
  } catch {
    // as it is
  }
  return JSON.stringify({ table, ...columns, data: value });
}
