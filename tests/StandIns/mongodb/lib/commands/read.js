// @ts-check
'use strict';
// find, aggregate, count, distinct and their cursors.
const { document, encode, entries, field, items } = require('../raw');
const { parseFilter, valuesAt } = require('../filter');
const { projection, withPath, withoutPaths } = require('../shape');
const { evaluate } = require('../expression');
const { compare, keyOf } = require('../order');
const { add } = require('../numbers');
const { CommandError } = require('../errors');
const { cursorAnswer, requireHint } = require('./arguments');

const Everything = document([]);

/** Documents of a collection that match, unsorted, as they are now: they may change while a cursor is open. */
function matching(context, command, filter) {
  const parsed = parseFilter(filter, context.operators);
  const collection = context.server.catalog.find(command);
  if (collection?.options.viewOn !== undefined) return [...viewed(context, command, collection)].filter(doc => parsed.matches(doc));
  if (collection === undefined) return [];
  requireHint(collection, command.get('hint'));
  return Array.from(collection.matching(parsed), entry => entry.doc);
}

/** The documents of a view: its pipeline over the collection or view that it reads, made anew for each query. */
function viewed(context, command, view) {
  const now = encode(new Date());
  const source = { ...command, db: command.db, collection: view.options.viewOn, get: () => undefined };
  const stages = items(encode(view.options.pipeline)).map(it => entries(it)[0]);
  return stages.reduce((input, [name, argument]) => stage(context, name, argument, input, now), matching(context, source, Everything));
}

function find(context, command) {
  const now = encode(new Date());
  /** @type {Iterable<import('../raw').Value>} */
  let documents = matching(context, command, command.get('filter') ?? Everything);
  const sort = command.get('sort');
  if (sort !== undefined && entries(sort).length > 0) documents = sorted(documents, sort);
  documents = page(command, documents);
  const spec = command.get('projection');
  if (spec !== undefined && entries(spec).length > 0) documents = mapped(documents, projection(spec, now));
  return cursorAnswer(context, `${command.db}.${command.collection}`, documents, command.plain('batchSize'), command.plain('singleBatch', false));
}

function sorted(documents, sort) {
  const keys = entries(sort).map(([path, direction]) => ({ parts: path.split('.'), sign: direction.toPlain() < 0 ? -1 : 1 }));
  const of = (doc, parts, direction) =>
    valuesAt(doc, parts)
      .flatMap(it => (it?.isArray ? items(it) : [it]))
      .reduce((best, it) => (compare(it, best) * direction < 0 ? it : best));
  return [...documents]
    .map(doc => ({ doc, by: keys.map(({ parts, sign }) => of(doc, parts, sign)) }))
    .sort((a, b) => {
      for (let i = 0; i < keys.length; i++) {
        const order = compare(a.by[i], b.by[i]) * keys[i].sign;
        if (order !== 0) return order;
      }
      return 0;
    })
    .map(({ doc }) => doc);
}

/** What `skip` and `limit` of a command leave; a limit of 0 is none. */
const page = (command, documents) => window(documents, command.plain('skip', 0), Math.abs(command.plain('limit', 0)) || Infinity);

function* window(documents, skip, limit) {
  if (limit <= 0) return;
  let at = 0;
  for (const doc of documents) {
    if (at++ < skip) continue;
    yield doc;
    if (at - skip >= limit) return;
  }
}

function* mapped(documents, change) {
  for (const doc of documents) yield change(doc);
}

function* kept(documents, filter) {
  for (const doc of documents) if (filter.matches(doc)) yield doc;
}

function getMore(context, command) {
  const id = command.get('getMore');
  return { cursor: context.server.cursors.next(id.buf.readBigInt64LE(id.start), command.plain('batchSize')), ok: 1.0 };
}

function killCursors(context, command) {
  const ids = items(command.get('cursors')).map(it => it.buf.readBigInt64LE(it.start));
  const cursorsKilled = ids.filter(id => context.server.cursors.kill(id));
  return { cursorsKilled, cursorsNotFound: ids.filter(id => !cursorsKilled.includes(id)), cursorsAlive: [], cursorsUnknown: [], ok: 1.0 };
}

function aggregate(context, command) {
  const now = encode(new Date());
  const pipeline = command.documents('pipeline').map(stage => entries(stage)[0]);
  if (command.get('cursor') === undefined && command.get('explain') === undefined)
    throw new CommandError(9, "The 'cursor' option is required, except for aggregate with the explain argument");
  // A leading $match may use an index.
  const [first] = pipeline;
  const leading = first?.[0] === '$match' ? pipeline.shift()[1] : Everything;
  const documents = pipeline.reduce((input, [name, argument]) => stage(context, name, argument, input, now), matching(context, command, leading));
  return cursorAnswer(context, `${command.db}.${command.collection}`, documents, field(command.get('cursor') ?? Everything, 'batchSize')?.toPlain());
}

function stage(context, name, argument, input, now) {
  switch (name) {
    case '$match':
      return kept(input, parseFilter(argument, context.operators));
    case '$sort':
      return sorted(input, argument);
    case '$limit':
      return window(input, 0, argument.toPlain());
    case '$skip':
      return window(input, argument.toPlain(), Infinity);
    case '$project':
      return mapped(input, projection(argument, now));
    case '$set':
    case '$addFields':
      return mapped(input, doc => entries(argument).reduce((result, [path, it]) => withPath(result, path.split('.'), evaluate(it, doc, now)), doc));
    case '$unset':
      return mapped(input, doc => withoutPaths(doc, argument));
    case '$replaceRoot':
      return mapped(input, doc => evaluate(field(argument, 'newRoot'), doc, now));
    case '$replaceWith':
      return mapped(input, doc => evaluate(argument, doc, now));
    case '$count':
      return counted(input, argument.text());
    case '$group':
      return grouped(input, argument, now);
    default:
      throw new CommandError(40324, `Unrecognized pipeline stage name: '${name}'`);
  }
}

function* counted(documents, name) {
  let n = 0;
  for (const _ of documents) n++;
  if (n > 0) yield encode({ [name]: n });
}

const present = value => value !== undefined && !value.isNullish;
const extreme = sign => (state, value) => (present(value) && (state === undefined || compare(value, state) * sign > 0) ? value : state);

/** Accumulators: what one more value makes of the state (undefined at first). */
const accumulators = {
  $max: extreme(1),
  $min: extreme(-1),
  $sum: (state, value) => (value?.isNumber ? add(state ?? encode(0), value) : (state ?? encode(0))),
  $count: state => add(state ?? encode(0), encode(1)),
  $first: (state, value) => state ?? value ?? encode(null),
  $last: (state, value) => value ?? encode(null),
};

function* grouped(documents, spec, now) {
  const [idField, ...fields] = entries(spec);
  if (idField?.[0] !== '_id') throw new CommandError(15955, 'a group specification must include an _id');
  const columns = fields.map(([name, it]) => {
    const [[operator, argument]] = entries(it);
    if (!Object.hasOwn(accumulators, operator)) throw new CommandError(15952, `unknown group operator '${operator}'`);
    return { name, accumulate: accumulators[operator], argument };
  });
  const groups = new Map();
  for (const doc of documents) {
    const id = evaluate(idField[1], doc, now) ?? encode(null);
    const key = keyOf(id);
    if (!groups.has(key)) groups.set(key, { id, states: columns.map(() => undefined) });
    const { states } = groups.get(key);
    columns.forEach(({ accumulate, argument }, i) => {
      states[i] = accumulate(states[i], evaluate(argument, doc, now));
    });
  }
  for (const { id, states } of groups.values()) {
    /** @type {import('../raw').Pair[]} */
    const computed = columns.map(({ name }, i) => [name, states[i] ?? encode(null)]);
    yield document([['_id', id], ...computed]);
  }
}

function count(context, command) {
  let n = 0;
  for (const _ of page(command, matching(context, command, command.get('query') ?? Everything))) n++;
  return { n, ok: 1.0 };
}

function distinct(context, command) {
  const path = command.get('key').text().split('.');
  const values = new Map();
  for (const doc of matching(context, command, command.get('query') ?? Everything))
    for (const value of valuesAt(doc, path).flatMap(it => (it?.isArray ? items(it) : [it]))) if (value !== undefined) values.set(keyOf(value), value);
  return { values: [...values.values()].sort(compare), ok: 1.0 };
}

/** Minimal: which index a find or count would use. */
function explain(context, command) {
  const inner = command.get('explain');
  const [[name, collectionName]] = entries(inner);
  const collection = context.server.catalog.databases.get(command.db)?.get(collectionName.text());
  const filter = parseFilter(field(inner, name === 'count' ? 'query' : 'filter') ?? Everything, context.operators);
  const plan = collection?.planFor(filter);
  const winningPlan =
    plan === undefined
      ? { stage: collection === undefined ? 'EOF' : 'COLLSCAN' }
      : { stage: 'FETCH', inputStage: { stage: 'IXSCAN', indexName: plan.index.name } };
  return { explainVersion: '1', queryPlanner: { namespace: `${command.db}.${collectionName.text()}`, winningPlan, rejectedPlans: [] }, ok: 1.0 };
}

const query = ['hint', 'maxTimeMS', 'collation', 'let'];
const findFields = [
  'filter',
  'sort',
  'projection',
  'skip',
  'limit',
  'batchSize',
  'singleBatch',
  'noCursorTimeout',
  'allowDiskUse',
  'allowPartialResults',
  'returnKey',
  'showRecordId',
  ...query,
];

module.exports = {
  find: { reads: true, actions: () => ['find'], fields: findFields, run: find },
  getMore: { reads: true, actions: () => [], fields: ['collection', 'batchSize', 'maxTimeMS'], run: getMore },
  killCursors: { actions: () => [], fields: ['cursors'], run: killCursors },
  aggregate: {
    reads: true,
    actions: () => ['find'],
    fields: ['pipeline', 'cursor', 'explain', 'allowDiskUse', 'bypassDocumentValidation', ...query],
    run: aggregate,
  },
  count: { reads: true, actions: () => ['find'], fields: ['query', 'limit', 'skip', 'fields', ...query], run: count },
  distinct: { reads: true, actions: () => ['find'], fields: ['key', 'query', ...query], run: distinct },
  explain: { reads: true, actions: () => ['find'], fields: ['verbosity', 'maxTimeMS'], run: explain },
};
