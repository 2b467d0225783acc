// @ts-check
'use strict';
// The documents of one collection and its indexes: hash maps over whole keys and, made on first use, over prefixes of them.
const { randomUUID } = require('node:crypto');
const { field, member, asDocument, document, encode, entries } = require('./raw');
const { valuesAt } = require('./filter');
const { keyOf, show } = require('./order');
const { CommandError } = require('./errors');

/** The place of a stored document, which stays the same while the document changes. */
class Entry {
  constructor(bytes) {
    this.doc = asDocument(bytes);
  }
}

class Index {
  /** `spec`: the index as listIndexes shows it. */
  constructor(spec) {
    this.spec = spec;
    this.name = member(spec, 'name').text();
    this.paths = entries(member(spec, 'key')).map(([path]) => path.split('.'));
    this.fields = this.paths.map(parts => parts.join('.'));
    const unique = field(spec, 'unique');
    this.unique = this.name === '_id_' || (unique !== undefined && unique.toPlain() === true);
    this.maps = new Map([[this.paths.length, new Map()]]); // length of the prefix -> key text -> entry or set of entries
  }

  /** One list of key parts; more than one when a field holds an array (a multikey index). */
  keysOf(doc) {
    /** @type {string[][]} */
    let keys = [[]];
    for (let i = 0; i < this.paths.length; i++) {
      const parts = this.paths[i];
      const value = parts.length === 1 ? field(doc, parts[0]) : undefined;
      if (parts.length === 1 && !value?.isArray) {
        const text = keyOf(value);
        for (const key of keys) key.push(text);
        continue;
      }
      const values = valuesAt(doc, parts).flatMap(it => (it?.isArray ? entries(it).map(([, item]) => item) : [it]));
      const texts = [...new Set((values.length === 0 ? [undefined] : values).map(keyOf))];
      keys = keys.flatMap(key => texts.map(text => [...key, text]));
    }
    return keys;
  }

  holder(key) {
    return this.maps.get(this.paths.length)?.get(key.join(''));
  }

  add(entry, keys) {
    for (const [length, map] of this.maps) for (const key of keys) put(map, keyText(key, length), entry);
  }

  remove(entry, keys = this.keysOf(entry.doc)) {
    for (const [length, map] of this.maps) for (const key of keys) take(map, keyText(key, length), entry);
  }

  /** Entries whose first `length` fields have these key parts. */
  withPrefix(parts, everything) {
    let map = this.maps.get(parts.length);
    if (map === undefined) {
      map = new Map();
      for (const entry of everything) for (const key of this.keysOf(entry.doc)) put(map, keyText(key, parts.length), entry);
      this.maps.set(parts.length, map);
    }
    const found = map.get(parts.join(''));
    return found === undefined ? [] : found instanceof Set ? found : [found];
  }
}

const keyText = (key, length) => (length === key.length ? key.join('') : key.slice(0, length).join(''));

const sameKeys = (a, b) => a.length === b.length && a.every((key, i) => key.every((part, j) => part === b[i][j]));

function put(map, key, entry) {
  const held = map.get(key);
  if (held === undefined) map.set(key, entry);
  else if (held instanceof Set) held.add(entry);
  else if (held !== entry) map.set(key, new Set([held, entry]));
}

function take(map, key, entry) {
  const held = map.get(key);
  if (held instanceof Set) held.delete(entry);
  if (held === entry || held?.size === 0) map.delete(key);
}

class Collection {
  constructor(database, name, options) {
    this.database = database;
    this.name = name;
    this.options = options;
    this.uuid = randomUUID();
    this.entries = new Set();
    this.indexes = [new Index(encode({ v: 2, key: { _id: 1 }, name: '_id_' }))];
  }

  get namespace() {
    return `${this.database}.${this.name}`;
  }

  insert(bytes) {
    const entry = new Entry(bytes);
    const keys = this.indexes.map(index => this.freeKeys(index, entry.doc));
    this.indexes.forEach((index, i) => index.add(entry, keys[i]));
    this.entries.add(entry);
    return entry;
  }

  /** Replaces a document in place; all or nothing. */
  replace(entry, bytes) {
    const doc = asDocument(bytes);
    const changed = [];
    for (const index of this.indexes) {
      const keys = index.keysOf(doc);
      const old = index.keysOf(entry.doc);
      if (sameKeys(keys, old)) continue;
      changed.push([index, old, this.freeKeys(index, doc, entry, keys)]);
    }
    for (const [index, old, keys] of changed) {
      index.remove(entry, old);
      index.add(entry, keys);
    }
    entry.doc = doc;
  }

  remove(entry) {
    for (const index of this.indexes) index.remove(entry);
    this.entries.delete(entry);
  }

  /** The document's keys in an index, or a duplicate key error when another document holds one of them. */
  freeKeys(index, doc, own = undefined, keys = index.keysOf(doc)) {
    if (!index.unique) return keys;
    for (const key of keys) {
      const holder = index.holder(key);
      if (holder !== undefined && holder !== own) throw this.duplicateKey(index, doc);
    }
    return keys;
  }

  duplicateKey(index, doc) {
    const keyValue = document(index.paths.map((parts, i) => [index.fields[i], valuesAt(doc, parts)[0] ?? encode(null)]));
    return new CommandError(11000, `E11000 duplicate key error collection: ${this.namespace} index: ${index.name} dup key: ${show(keyValue)}`, {
      keyPattern: field(index.spec, 'key'),
      keyValue,
    });
  }

  addIndex(spec) {
    const index = new Index(spec);
    for (const entry of this.entries) {
      try {
        index.add(entry, this.freeKeys(index, entry.doc));
      } catch (error) {
        error.message = `Index build failed: ${randomUUID()}: Collection ${this.namespace} ( ${this.uuid} ) :: caused by :: ${error.message}`;
        throw error;
      }
    }
    this.indexes.push(index);
  }

  dropIndex(index) {
    this.indexes.splice(this.indexes.indexOf(index), 1);
  }

  /** The index whose leading fields the filter fixes best, as `{index, parts}`; undefined = look at every document. */
  planFor(filter) {
    let best;
    for (const index of this.indexes) {
      const parts = [];
      for (const path of index.fields) {
        const value = filter.equalities.get(path);
        if (value === undefined || value.isArray) break;
        parts.push(keyOf(value));
      }
      const whole = index.unique && parts.length === index.fields.length;
      if (parts.length > 0 && (best === undefined || whole || parts.length > best.parts.length)) best = { index, parts, whole };
      if (whole) break;
    }
    return best;
  }

  /** Matching entries; safe to change while walking only after it is copied. */
  *matching(filter) {
    const plan = this.planFor(filter);
    const candidates = plan === undefined ? this.entries : plan.index.withPrefix(plan.parts, this.entries);
    for (const entry of candidates) if (filter.matches(entry.doc)) yield entry;
  }

  first(filter) {
    for (const entry of this.matching(filter)) return entry;
    return undefined;
  }
}

module.exports = { Collection };
