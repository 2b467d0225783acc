// @ts-check
'use strict';
// Arguments that several commands share.
const { field } = require('../raw');
const { CommandError } = require('../errors');

/** A hint must name an index of the collection, by name or by key. */
function requireHint(collection, hint) {
  if (hint === undefined || (hint.isDocument && hint.end - hint.start === 5)) return;
  const known = collection.indexes.some(index => (hint.isDocument ? sameKey(field(index.spec, 'key'), hint) : index.name === hint.text()));
  if (!known)
    throw new CommandError(2, 'error processing query: planner returned error :: caused by :: hint provided does not correspond to an existing index');
}

/** Strings are compared as bytes here: another order would have to be refused rather than ignored. */
function refuseCollation(collation) {
  if (collation !== undefined && field(collation, 'locale')?.text() !== 'simple') throw new CommandError(2, 'this server has no collation but the simple one');
}

/** Index keys are equal when fields, order and directions are, whatever type the number 1 has. */
const sameKey = (a, b) => JSON.stringify(a.toPlain()) === JSON.stringify(b.toPlain());

const FirstBatch = 101;

/** The answer of a command that returns documents through a cursor. */
function cursorAnswer(context, namespace, documents, batchSize = FirstBatch, singleBatch = false) {
  return { cursor: context.server.cursors.open(documents, namespace, batchSize, singleBatch), ok: 1.0 };
}

module.exports = { requireHint, refuseCollation, sameKey, cursorAnswer };
