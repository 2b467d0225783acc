// @ts-check
'use strict';
// Databases, collections and indexes.
const { BSON } = require('bson');
const { document, encode, entries, field, member, items } = require('../raw');
const { parseFilter } = require('../filter');
const { requireNamespace, requireDatabase } = require('../catalog');
const { show } = require('../order');
const { CommandError } = require('../errors');
const { cursorAnswer, sameKey } = require('./arguments');

function create(context, command) {
  requireNamespace(command);
  const { catalog } = context.server;
  const existing = catalog.find(command);
  if (existing !== undefined) throw new CommandError(48, `Collection ${existing.namespace} already exists.`);
  if (command.collection.startsWith('system.')) throw new CommandError(73, `Invalid system namespace: ${command.db}.${command.collection}`);
  requireView(command);
  catalog.create(
    command.db,
    command.collection,
    Object.fromEntries(options.flatMap(it => (command.get(it) === undefined ? [] : [[it, command.get(it).toPlain()]]))),
  );
  return { ok: 1.0 };
}

/**
 * Options of a collection that listCollections shows as they were given (https://www.mongodb.com/docs/manual/reference/command/create/). This server keeps and
 * shows them, and does not act on them.
 */
const options = ['capped', 'size', 'max', 'validator', 'validationLevel', 'validationAction', 'viewOn', 'pipeline'];

function requireView(command) {
  if ((command.get('viewOn') === undefined) !== (command.get('pipeline') === undefined))
    throw new CommandError(72, "'pipeline' requires 'viewOn' to also be specified");
}

/** Of a view: both fields at once (https://www.mongodb.com/docs/manual/reference/command/collMod/, Views). */
function collMod(context, command) {
  const view = existing(context, command);
  requireView(command);
  if (view.options.viewOn === undefined) throw new CommandError(72, 'this server changes views only');
  view.options = { viewOn: command.get('viewOn').toPlain(), pipeline: command.get('pipeline').toPlain() };
  return { ok: 1.0 };
}

function drop(context, command) {
  const collection = context.server.catalog.find(command);
  if (collection === undefined) return { ok: 1.0 }; // since 7.0; 26 NamespaceNotFound before
  context.server.catalog.drop(command.db, command.collection);
  return { nIndexesWas: collection.indexes.length, ns: collection.namespace, ok: 1.0 };
}

function dropDatabase(context, command) {
  requireDatabase(command.db);
  context.server.catalog.databases.delete(command.db);
  return { dropped: command.db, ok: 1.0 };
}

function listDatabases(context, command) {
  const filter = command.get('filter') === undefined ? undefined : parseFilter(command.get('filter'), context.operators);
  const all = [...context.server.catalog.databases.keys()].sort().map(name => ({ name, sizeOnDisk: 0n, empty: false }));
  const databases = all.filter(it => filter === undefined || filter.matches(encode(it)));
  if (command.plain('nameOnly', false)) return { databases: databases.map(({ name }) => ({ name })), ok: 1.0 };
  return { databases, totalSize: 0n, totalSizeMb: 0n, ok: 1.0 };
}

function listCollections(context, command) {
  requireDatabase(command.db);
  const filter = parseFilter(command.get('filter') ?? document([]), context.operators);
  const collections = [...(context.server.catalog.databases.get(command.db)?.values() ?? [])];
  const described = collections
    .map(it =>
      encode({
        name: it.name,
        ...(it.options.viewOn === undefined
          ? { type: 'collection', options: it.options, info: { readOnly: false, uuid: uuid(it.uuid) }, idIndex: it.indexes[0].spec }
          : { type: 'view', options: it.options, info: { readOnly: true } }),
      }),
    )
    .filter(it => filter.matches(it));
  const shown = command.plain('nameOnly', false) ? described.map(it => document(entries(it).slice(0, 2))) : described;
  return cursorAnswer(context, `${command.db}.$cmd.listCollections`, shown, field(command.get('cursor') ?? document([]), 'batchSize')?.toPlain());
}

const uuid = text => new BSON.UUID(text);

/** What createIndexes keeps of an index's description, in the order that the server prints it in. */
const kept = ['v', 'unique', 'key', 'name', 'sparse', 'background', 'hidden', 'collation', 'partialFilterExpression', 'expireAfterSeconds'];

function createIndexes(context, command) {
  requireNamespace(command);
  const { catalog } = context.server;
  const created = catalog.find(command) === undefined;
  const wanted = command.documents('indexes');
  if (wanted.length === 0) throw new CommandError(2, 'Must specify at least one index to create');
  const specs = wanted.map(indexSpec);
  const collection = catalog.open(command);
  const numIndexesBefore = collection.indexes.length;
  for (const spec of specs) if (!alreadyThere(collection, spec)) collection.addIndex(spec);
  const numIndexesAfter = collection.indexes.length;
  return {
    numIndexesBefore,
    numIndexesAfter,
    createdCollectionAutomatically: created,
    ...(numIndexesBefore === numIndexesAfter ? { note: 'all indexes already exist' } : {}),
    ok: 1.0,
  };
}

function indexSpec(wanted) {
  const key = field(wanted, 'key');
  const name = field(wanted, 'name');
  if (key === undefined || entries(key).length === 0) throw new CommandError(67, 'Index keys cannot be empty.');
  const refuse = (code, reason) => {
    throw new CommandError(code, `Error in specification ${show(wanted)} :: caused by :: ${reason}`);
  };
  if (name === undefined) refuse(9, "The 'name' field is a required property of an index specification");
  for (const [option] of entries(wanted)) if (!kept.includes(option)) refuse(197, `The field '${option}' is not valid for an index specification`);
  // A TTL index is kept and shown; its monitor, which deletes once a minute, does not run.
  for (const option of ['collation', 'partialFilterExpression', 'sparse'])
    if (field(wanted, option) !== undefined) throw new CommandError(67, `this server has no index option '${option}'`);
  for (const [path, direction] of entries(key))
    if (!direction.isNumber) throw new CommandError(67, `this server has no index of kind ${show(direction)} (on ${path})`);
  return document(
    kept.flatMap(option => {
      const value = option === 'v' ? encode(2) : field(wanted, option);
      return value === undefined || option === 'background' || (option === 'unique' && value.toPlain() === false) ? [] : [[option, value]];
    }),
  );
}

/** True for an equal index; throws for one that is in the way. Names and keys each belong to one index. */
function alreadyThere(collection, spec) {
  const name = member(spec, 'name').text();
  const key = member(spec, 'key');
  const unique = it => field(it, 'unique') !== undefined;
  const both = existing => `Requested index: ${show(spec)}, existing index: ${show(existing)}`;
  const byName = collection.indexes.find(index => index.name === name);
  if (byName !== undefined) {
    if (sameKey(field(byName.spec, 'key'), key) && (unique(byName.spec) === unique(spec) || name === '_id_')) return true;
    throw new CommandError(
      86,
      'An existing index has the same name as the requested index. When index names are not specified, they are auto generated and ' +
        `can cause conflicts. Please refer to our documentation. ${both(byName.spec)}`,
    );
  }
  const byKey = collection.indexes.find(index => sameKey(field(index.spec, 'key'), key));
  if (byKey === undefined) return false;
  throw new CommandError(
    85,
    unique(byKey.spec) === unique(spec)
      ? `Index already exists with a different name: ${byKey.name}`
      : `An equivalent index already exists with a different name and options. ${both(byKey.spec)}`,
  );
}

function existing(context, command) {
  const collection = context.server.catalog.find(command);
  if (collection === undefined) throw new CommandError(26, `ns does not exist: ${command.db}.${command.collection}`);
  return collection;
}

function listIndexes(context, command) {
  const collection = existing(context, command);
  const batchSize = field(command.get('cursor') ?? document([]), 'batchSize')?.toPlain();
  return cursorAnswer(
    context,
    collection.namespace,
    collection.indexes.map(index => index.spec),
    batchSize,
  );
}

function dropIndexes(context, command) {
  const collection = context.server.catalog.find(command);
  if (collection === undefined) throw new CommandError(26, `ns not found ${command.db}.${command.collection}`);
  const nIndexesWas = collection.indexes.length;
  const wanted = command.get('index');
  if (wanted.isDocument) dropOne(collection, index => sameKey(field(index.spec, 'key'), wanted), `can't find index with key: ${show(wanted)}`);
  else
    for (const name of wanted.isArray ? items(wanted).map(it => it.text()) : [wanted.text()])
      if (name === '*') for (const index of collection.indexes.slice(1)) collection.dropIndex(index);
      else dropOne(collection, index => index.name === name, `index not found with name [${name}]`);
  return { nIndexesWas, ok: 1.0 };
}

function dropOne(collection, isWanted, otherwise) {
  const index = collection.indexes.find(isWanted);
  if (index === undefined) throw new CommandError(27, otherwise);
  if (index.name === '_id_') throw new CommandError(72, 'cannot drop _id index');
  collection.dropIndex(index);
}

/** Names alone are for everybody (manual, listCollections, "Required Access"). */
const toListCollections = command => (command.plain('nameOnly', false) && command.plain('authorizedCollections', false) ? [] : ['listCollections']);

module.exports = {
  create: { writes: true, actions: () => ['createCollection'], fields: options, run: create },
  collMod: { writes: true, actions: () => ['collMod'], fields: ['viewOn', 'pipeline'], run: collMod },
  drop: { writes: true, actions: () => ['dropCollection'], fields: [], run: drop },
  dropDatabase: { writes: true, actions: () => ['dropDatabase'], fields: [], run: dropDatabase },
  listDatabases: { actions: () => ['listDatabases'], fields: ['filter', 'nameOnly', 'authorizedDatabases'], run: listDatabases },
  listCollections: { actions: toListCollections, fields: ['filter', 'nameOnly', 'authorizedCollections', 'cursor'], run: listCollections },
  createIndexes: { writes: true, actions: () => ['createIndex'], fields: ['indexes', 'commitQuorum', 'ignoreUnknownIndexOptions'], run: createIndexes },
  listIndexes: { actions: () => ['listIndexes'], fields: ['cursor'], run: listIndexes },
  dropIndexes: { writes: true, actions: () => ['dropIndex'], fields: ['index'], run: dropIndexes },
};
