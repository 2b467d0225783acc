// @ts-check
'use strict';
const { Collection } = require('./collection');
const { CommandError } = require('./errors');

/** All databases, in memory. */
class Catalog {
  constructor() {
    this.databases = new Map();
  }

  /** The collection that a command's first field names; undefined where it does not exist. */
  find(command) {
    requireNamespace(command);
    return this.databases.get(command.db)?.get(command.collection);
  }

  /** The same, made on the spot where it is missing, as a first insert does. */
  open(command) {
    return this.find(command) ?? this.create(command.db, command.collection, {});
  }

  create(db, name, options) {
    if (!this.databases.has(db)) this.databases.set(db, new Map());
    const collection = new Collection(db, name, options);
    this.databases.get(db).set(name, collection);
    return collection;
  }

  drop(db, name) {
    const collections = this.databases.get(db);
    collections?.delete(name);
    if (collections?.size === 0) this.databases.delete(db);
  }
}

/** The rules of the manual's "Naming Restrictions". */
function requireNamespace(command) {
  const { collection: name, db } = command;
  if (name === undefined) throw new CommandError(73, `collection name has invalid type`);
  requireDatabase(db);
  if (name === '') throw new CommandError(73, `Invalid namespace specified '${db}.'`);
  if (name.includes('\0')) throw new CommandError(73, 'namespaces cannot have embedded null characters');
  if (name.includes('$') || name.startsWith('.')) throw new CommandError(73, `Invalid collection name: ${name}`);
  const bytes = Buffer.byteLength(`${db}.${name}`);
  if (bytes > 255) throw new CommandError(73, `Fully qualified namespace is too long. Namespace: ${db}.${name} Max: 255`);
}

function requireDatabase(db) {
  if (db === undefined || db === '' || Buffer.byteLength(db) > 63 || /[/\\. "$\0]/.test(db)) throw new CommandError(73, `Invalid database name: '${db}'`);
}

module.exports = { Catalog, requireNamespace, requireDatabase };
