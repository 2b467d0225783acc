// @ts-check
'use strict';
const { CommandError } = require('./errors');

const MaxBatchBytes = 16 * 1024 * 1024;

/** Documents that are still to be read, by cursor id. */
class Cursors {
  constructor() {
    this.cursors = new Map();
    this.lastId = 4_000_000_000n; // beyond int32, as the server's are
  }

  /** `documents`: an iterable of Values, read as batches ask for it. Answers the `cursor` field with its first batch. */
  open(documents, namespace, batchSize, singleBatch) {
    const rest = documents[Symbol.iterator]();
    const cursor = { rest, namespace, ahead: rest.next() };
    const firstBatch = read(cursor, batchSize);
    const id = cursor.ahead.done || singleBatch ? 0n : ++this.lastId;
    if (id !== 0n) this.cursors.set(id, cursor);
    return { firstBatch, id, ns: namespace };
  }

  next(id, batchSize) {
    const cursor = this.cursors.get(id);
    if (cursor === undefined) throw new CommandError(43, `cursor id ${id} not found`);
    const nextBatch = read(cursor, batchSize ?? Infinity);
    if (cursor.ahead.done) this.cursors.delete(id);
    return { nextBatch, id: cursor.ahead.done ? 0n : id, ns: cursor.namespace };
  }

  kill(id) {
    return this.cursors.delete(id);
  }
}

function read(cursor, count) {
  const batch = [];
  let bytes = 0;
  while (!cursor.ahead.done && batch.length < count) {
    const doc = cursor.ahead.value;
    bytes += doc.end - doc.start;
    if (batch.length > 0 && bytes > MaxBatchBytes) break;
    batch.push(doc);
    cursor.ahead = cursor.rest.next();
  }
  return batch;
}

module.exports = { Cursors };
