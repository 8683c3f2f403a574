const { writeSync } = process.getBuiltinModule("node:fs");
const { DatabaseSync } = process.getBuiltinModule("node:sqlite");
// src/database.ts

// src/changes/database.ts
var MOST = { messages: 2e4, parts: 5e3 };
function* databaseLines(path) {
  const database = new DatabaseSync(path, { allowExtension: false });
  database.exec("PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0");
  for (const table of ["message", "part"]) requirePlain(database, table);
  const messages = database.prepare(
    `SELECT id, session_id, time_created, data FROM message WHERE typeof(data) = 'text' ORDER BY time_created, id LIMIT ${MOST.messages}`
  );
  const parts = database.prepare(
    `SELECT id, session_id, message_id, data FROM part WHERE message_id = ? AND typeof(data) = 'text' ORDER BY id LIMIT ${MOST.parts}`
  );
  for (const message of messages.iterate()) {
    yield row("message", message);
    for (const part of parts.iterate(message["id"] ?? null)) yield row("part", part);
  }
}
function requirePlain(database, table) {
  const plain = database.prepare(
    `SELECT count(*) AS count FROM sqlite_schema WHERE name = ? AND type = 'table' AND upper(sql) NOT LIKE 'CREATE VIRTUAL%'`
  );
  const hidden = database.prepare("SELECT count(*) AS count FROM pragma_table_xinfo(?) WHERE hidden <> 0");
  if (plain.get(table)?.["count"] !== 1 || hidden.get(table)?.["count"] !== 0) throw new Error(`there is no plain table ${table}`);
}
function row(table, { data, ...columns }) {
  let value = data;
  try {
    value = JSON.parse(String(data));
  } catch {
  }
  return JSON.stringify({ table, ...columns, data: value });
}

// src/database.ts
for (const line of databaseLines(process.argv[2] ?? "")) {
  const bytes = Buffer.from(`${line}
`);
  for (let done = 0; done < bytes.length; ) done += writeSync(1, bytes, done);
}
