// @ts-check
'use strict';
// What an update does to one document: a replacement, update operators, or a pipeline.
const { BSON } = require('bson');
const { each, entries, field, items, document, encode } = require('./raw');
const { evaluate, truthy } = require('./expression');
const { withPath, withoutPaths, projection, withIdFirst, Empty } = require('./shape');
const { compare, show } = require('./order');
const { add } = require('./numbers');
const { CommandError } = require('./errors');

/** `apply(document | undefined, filter)`: undefined = an upsert that inserts. The result always carries `_id`, first. */
function parseUpdate(update, now) {
  if (update.isArray) return { kind: 'pipeline', apply: pipeline(items(update), now) };
  let first;
  each(update, name => {
    first = name;
    return false;
  });
  return first?.[0] === '$' ? { kind: 'operators', apply: operators(update, now) } : { kind: 'replacement', apply: replacement(update) };
}

const newId = () => encode(new BSON.ObjectId());

function replacement(update) {
  const own = field(update, '_id');
  return (doc, filter) => {
    const id = doc ? field(doc, '_id') : (own ?? filter.equalities.get('_id') ?? newId());
    if (doc && own !== undefined && compare(own, id) !== 0)
      throw new CommandError(66, `After applying the update, the (immutable) field '_id' was found to have been altered to _id: ${show(own)}`);
    return withIdFirst(update, id);
  };
}

/** An insert starts from the conditions that the filter demands to be equal. */
function fromFilter(filter) {
  let doc = Empty;
  for (const [path, value] of filter.equalities) doc = withPath(doc, path.split('.'), value);
  return doc;
}

function pipeline(stages, now) {
  const steps = stages.map(stage => {
    const [[name, argument]] = entries(stage);
    switch (name) {
      case '$set':
      case '$addFields':
        return doc => entries(argument).reduce((result, [path, it]) => setComputed(result, path, it, doc, now), doc);
      case '$unset':
        return doc => withoutPaths(doc, argument);
      case '$project':
        return projection(argument, now);
      case '$replaceWith':
        return doc => newRoot(argument, doc, now);
      case '$replaceRoot':
        return doc => newRoot(field(argument, 'newRoot'), doc, now);
      default:
        throw new CommandError(72, `${name} is not allowed to be used within an update`);
    }
  });
  return (doc, filter) => {
    const result = steps.reduce((it, step) => step(it), doc ?? fromFilter(filter));
    return keepId(doc, result, filter);
  };
}

/** The value of `it` at `path`. An object of plain fields sets each of them and leaves its other fields alone. */
function setComputed(result, path, it, doc, now) {
  const parts = path.split('.');
  const nested = it.isDocument ? entries(it) : [];
  if (nested.length > 0 && nested[0][0][0] !== '$') return nested.reduce((all, [name, inner]) => setComputed(all, `${path}.${name}`, inner, doc, now), result);
  return withPath(result, parts, evaluate(it, doc, now));
}

function newRoot(expression, doc, now) {
  const root = evaluate(expression, doc, now);
  if (root === undefined || !root.isDocument)
    throw new CommandError(
      40228,
      `'replacement document' must evaluate to an object, but resulting value was: ` + `${root === undefined ? 'MISSING' : show(root)}.`,
    );
  return root;
}

function keepId(doc, result, filter) {
  const own = field(result, '_id');
  const id = doc ? field(doc, '_id') : (own ?? filter.equalities.get('_id') ?? newId());
  if (own !== undefined && compare(own, id) !== 0) throw new CommandError(66, "Performing an update on the path '_id' would modify the immutable field '_id'");
  return withIdFirst(result, id);
}

const apply = {
  $set: (doc, path, value) => withPath(doc, path, value),
  $setOnInsert: (doc, path, value, inserts) => (inserts ? withPath(doc, path, value) : doc),
  $unset: (doc, path) => withPath(doc, path, undefined),
  $inc: (doc, path, value) => {
    if (!value.isNumber) throw new CommandError(14, `Cannot increment with non-numeric argument: {${path.join('.')}: ${show(value)}}`);
    const old = path.reduce((it, name) => it && (it.isDocument || it.isArray ? field(it, name) : undefined), doc);
    if (old !== undefined && !old.isNumber)
      throw new CommandError(
        14,
        `Cannot apply $inc to a value of non-numeric type. ` + `{_id: ${show(field(doc, '_id'))}} has the field '${path.at(-1)}' of non-numeric type`,
      );
    return withPath(doc, path, old === undefined ? value : add(old, value));
  },
  // MongoDB manual, "$max": sets the field where the value is greater in the order of BSON, or where there is no such field.
  $max: (doc, path, value) => {
    const old = path.reduce((it, name) => it && (it.isDocument || it.isArray ? field(it, name) : undefined), doc);
    return old === undefined || compare(value, old) > 0 ? withPath(doc, path, value) : doc;
  },
  $currentDate: (doc, path, value, inserts, now) => {
    const timestamp = value.isDocument && field(value, '$type')?.text() === 'timestamp';
    if (!timestamp && !value.isDocument && !truthy(value)) return doc;
    return withPath(doc, path, timestamp ? encode(new BSON.Timestamp({ t: Math.floor(Number(now.buf.readBigInt64LE(now.start)) / 1000), i: 1 })) : now);
  },
};

function operators(update, now) {
  const changes = [];
  each(update, (name, fields) => {
    if (!Object.hasOwn(apply, name))
      throw new CommandError(9, `Unknown modifier: ${name}. Expected a valid update modifier or pipeline-style update specified as an array`);
    if (!fields.isDocument)
      throw new CommandError(
        9,
        `Modifiers operate on fields but we found another type instead. For example: {$mod: {<field>: ...}} not {${name}: ${show(fields)}}`,
      );
    each(fields, (path, value) => {
      changes.push({ path, value, change: apply[name] });
    });
  });
  // The server applies changes in the order of their paths, whatever order they were sent in.
  changes.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  for (let i = 1; i < changes.length; i++)
    if (changes[i].path === changes[i - 1].path || changes[i].path.startsWith(`${changes[i - 1].path}.`))
      throw new CommandError(40, `Updating the path '${changes[i].path}' would create a conflict at '${changes[i - 1].path}'`);
  return (doc, filter) => {
    const result = changes.reduce((it, { path, value, change }) => change(it, path.split('.'), value, doc === undefined, now), doc ?? fromFilter(filter));
    return keepId(doc, result, filter);
  };
}

module.exports = { parseUpdate };
