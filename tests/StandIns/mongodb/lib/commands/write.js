// @ts-check
'use strict';
// insert, update and delete: one statement after the other, each at most once per transaction number.
const { BSON } = require('bson');
const { each, field, document, encode, owned, validate } = require('../raw');
const { parseFilter } = require('../filter');
const { parseUpdate } = require('../update');
const { withIdFirst } = require('../shape');
const { CommandError } = require('../errors');
const { requireHint, refuseCollation } = require('./arguments');

const MaxDocumentBytes = 16 * 1024 * 1024;
const MaxStorageDepth = 180;

/**
 * Runs statements and collects `{n, nModified, upserted}` and write errors. `perform(statement)` answers what one statement did.
 * A repeated statement of a retryable write is answered with what it did the first time.
 */
function runStatements(context, command, name, perform) {
  const statements = command.documents(name);
  context.ops = statements.length;
  if (statements.length === 0 || statements.length > 100_000)
    throw new CommandError(72, `Write batch sizes must be between 1 and 100000. Got ${statements.length} operations.`);
  const ordered = command.plain('ordered', true);
  const done = context.server.sessions.statementsOf(command);
  /** @type {{ n: number, nModified: number, upserted: object[], writeErrors: object[] }} */
  const total = { n: 0, nModified: 0, upserted: [], writeErrors: [] };
  for (let i = 0; i < statements.length; i++) {
    try {
      let result = done?.get(i);
      if (result === undefined) {
        result = perform(statements[i]);
        done?.set(i, result);
      }
      total.n += result.n;
      total.nModified += result.nModified ?? 0;
      if (result.upserted !== undefined) total.upserted.push({ index: i, _id: result.upserted });
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      total.writeErrors.push({ index: i, code: error.code, ...error.details, errmsg: error.message });
      if (ordered) break;
    }
  }
  return total;
}

function answer(total, extra = {}) {
  return { n: total.n, ...extra, ...(total.writeErrors.length > 0 ? { writeErrors: total.writeErrors } : {}), ok: 1.0 };
}

function insert(context, command) {
  const total = runStatements(context, command, 'documents', doc => {
    const stored = withIdFirst(doc, field(doc, '_id') ?? encode(new BSON.ObjectId()));
    const size = stored.end - stored.start;
    if (size > MaxDocumentBytes) throw new CommandError(10334, `object to insert too large. size in bytes: ${size}, max size: ${MaxDocumentBytes}`);
    requireDepth(stored, `cannot insert document because it exceeds ${MaxStorageDepth} levels of nesting`);
    context.server.catalog.open(command).insert(owned(stored));
    return { n: 1 };
  });
  return answer(total);
}

function requireSize(doc, code, message) {
  if (doc.end - doc.start > MaxDocumentBytes) throw new CommandError(code, `Plan executor error during update :: caused by :: ${message} ${MaxDocumentBytes}`);
}

function requireDepth(doc, message) {
  if (validate(doc.buf, doc.start, doc.end) > MaxStorageDepth) throw new CommandError(15, message);
}

const updateFields = new Set(['q', 'u', 'upsert', 'multi', 'hint', 'collation']);
const deleteFields = new Set(['q', 'limit', 'hint', 'collation']);

/** The fields of one statement, by name; an unknown one is refused as the server's parser does. */
function statementFields(statement, known, kind) {
  const fields = {};
  each(statement, (name, value) => {
    if (!known.has(name)) throw new CommandError(40415, `BSON field '${kind}.${name}' is an unknown field.`);
    fields[name] = value;
  });
  refuseCollation(fields.collation);
  return fields;
}

function update(context, command) {
  const now = encode(new Date());
  const total = runStatements(context, command, 'updates', statement => {
    const { q, u, upsert, multi, hint } = statementFields(statement, updateFields, 'update.updates');
    const filter = parseFilter(q, context.operators);
    const change = parseUpdate(u, now);
    const many = multi?.toPlain() ?? false;
    if (many && change.kind === 'replacement') throw new CommandError(9, 'multi update is not supported for replacement-style update');
    const collection = context.server.catalog.find(command);
    if (collection !== undefined) requireHint(collection, hint);
    const found = collection === undefined ? [] : many ? [...collection.matching(filter)] : one(collection.first(filter));
    if (found.length === 0) return upsert?.toPlain() ? insertChanged(context, command, filter, change) : { n: 0, nModified: 0 };
    let nModified = 0;
    for (const entry of found) if (replaceChanged(collection, entry, change, filter)) nModified++;
    return { n: found.length, nModified };
  });
  return answer(total, { nModified: total.nModified, ...(total.upserted.length > 0 ? { upserted: total.upserted } : {}) });
}

const one = entry => (entry === undefined ? [] : [entry]);

function insertChanged(context, command, filter, change) {
  const doc = change.apply(undefined, filter);
  requireSize(doc, 17420, 'Document to upsert is larger than');
  requireDepth(doc, `Plan executor error during update :: caused by :: Document exceeds maximum nesting depth of ${MaxStorageDepth}`);
  context.server.catalog.open(command).insert(owned(doc));
  return { n: 1, nModified: 0, upserted: detached(field(doc, '_id')) };
}

/** A value that does not hold the whole message in memory. */
const detached = value => field(document([['v', value]]), 'v');

/** False where nothing changed, which the server does not count as modified. */
function replaceChanged(collection, entry, change, filter) {
  const doc = change.apply(entry.doc, filter);
  if (doc.equals(entry.doc)) return false;
  requireSize(doc, 17419, 'Resulting document after update is larger than');
  requireDepth(doc, `Plan executor error during update :: caused by :: Document exceeds maximum nesting depth of ${MaxStorageDepth}`);
  collection.replace(entry, owned(doc));
  return true;
}

function remove(context, command) {
  const total = runStatements(context, command, 'deletes', statement => {
    const { q, limit, hint } = statementFields(statement, deleteFields, 'delete.deletes');
    if (![0, 1].includes(limit?.toPlain())) throw new CommandError(9, `The limit field in delete objects must be 0 or 1. Got ${limit?.toPlain()}`);
    const collection = context.server.catalog.find(command);
    if (collection === undefined) return { n: 0 };
    requireHint(collection, hint);
    const filter = parseFilter(q, context.operators);
    const found = limit.toPlain() === 1 ? one(collection.first(filter)) : [...collection.matching(filter)];
    for (const entry of found) collection.remove(entry);
    return { n: found.length };
  });
  return answer(total);
}

const upserts = command => command.documents('updates').some(it => field(it, 'upsert')?.toPlain());
const common = ['ordered', 'bypassDocumentValidation', 'let', 'stmtId', 'stmtIds', 'maxTimeMS'];

module.exports = {
  insert: { writes: true, actions: () => ['insert'], fields: ['documents', ...common], run: insert },
  update: { writes: true, actions: command => (upserts(command) ? ['update', 'insert'] : ['update']), fields: ['updates', ...common], run: update },
  delete: { writes: true, actions: () => ['remove'], fields: ['deletes', ...common], run: remove },
};
