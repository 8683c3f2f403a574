/**
 * Splits a stream into lines of at most `max` bytes; a longer one ends the stream with an error, because the peers of these pipes
 * (warden, gateway, collector) never write one: something else is talking.
 */
export async function* lines(stream: AsyncIterable<Uint8Array>, max: number): AsyncGenerator<string> {
  const pending: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    let rest = chunk;
    for (let at = rest.indexOf(10); at !== -1; at = rest.indexOf(10)) {
      pending.push(rest.subarray(0, at));
      yield Buffer.concat(pending).toString('utf8');
      pending.length = 0;
      size = 0;
      rest = rest.subarray(at + 1);
    }
    size += rest.length;
    if (size > max) throw new Error(`a line of more than ${max} bytes`);
    if (rest.length > 0) pending.push(rest);
  }
  if (size > 0) yield Buffer.concat(pending).toString('utf8');
}
