'use strict';
// Objects, their versions, and what happened to them: one counter for all, as etcd has it.
const { randomUUID } = require('node:crypto');
const { EventEmitter } = require('node:events');
const errors = require('./errors');

// Changes that a watch can go back to.
const HISTORY = 20_000;

const keyOf = (namespace, name) => `${namespace ?? ''}/${name}`;
/** Kinds that are one in storage: events of both groups. */
const bucketOf = kind => (kind.plural === 'events' ? 'events' : `${kind.group}/${kind.plural}`);

class Store extends EventEmitter {
  constructor() {
    super();
    this.setMaxListeners(0);
    this.version = 100;
    this.oldest = 100;
    this.history = [];
    this.buckets = new Map();
  }

  bucket(kind) {
    const name = bucketOf(kind);
    if (!this.buckets.has(name)) this.buckets.set(name, new Map());
    return this.buckets.get(name);
  }

  get(kind, namespace, name) {
    return this.bucket(kind).get(keyOf(kind.namespaced ? namespace : '', name));
  }

  /** In the order of their keys, as etcd gives them. */
  list(kind, namespace) {
    const prefix = namespace ? `${namespace}/` : '';
    return [...this.bucket(kind)].filter(([key]) => key.startsWith(prefix)).sort(([a], [b]) => (a < b ? -1 : 1)).map(([, object]) => object);
  }

  create(kind, namespace, object) {
    const { name } = object.metadata;
    if (this.get(kind, namespace, name)) throw errors.alreadyExists(kind, name);
    object.metadata = {
      ...object.metadata,
      ...(kind.namespaced && { namespace }),
      uid: randomUUID(),
      creationTimestamp: new Date().toISOString().replace(/\.\d+/, ''),
      ...(('spec' in object || kind.custom) && { generation: 1 }),
    };
    delete object.metadata.deletionTimestamp;
    return this.#put(kind, 'ADDED', undefined, object);
  }

  /** Nothing is written where nothing changes. */
  replace(kind, before, after) {
    const { name } = before.metadata;
    if (after.metadata.uid && after.metadata.uid !== before.metadata.uid) throw errors.conflict(kind, name, `Precondition failed: UID in precondition: ${after.metadata.uid}, UID in object meta: ${before.metadata.uid}`);
    if (after.metadata.resourceVersion && after.metadata.resourceVersion !== before.metadata.resourceVersion) throw errors.conflict(kind, name);
    for (const field of ['uid', 'creationTimestamp', 'resourceVersion', 'generation', 'deletionTimestamp', 'namespace', 'name'])
      if (field in before.metadata) after.metadata[field] = before.metadata[field];
      else delete after.metadata[field];
    if (before.metadata.generation && JSON.stringify(sorted(before.spec)) !== JSON.stringify(sorted(after.spec))) after.metadata.generation = before.metadata.generation + 1;
    if (JSON.stringify(sorted(withoutTimes(before))) === JSON.stringify(sorted(withoutTimes(after)))) return before;
    if (after.metadata.deletionTimestamp && !(after.metadata.finalizers ?? []).length) return this.#remove(kind, after);
    return this.#put(kind, 'MODIFIED', before, after);
  }

  /** Objects with finalizers are only marked. */
  delete(kind, object) {
    if (!(object.metadata.finalizers ?? []).length) return this.#remove(kind, object);
    if (object.metadata.deletionTimestamp) return object;
    const marked = structuredClone(object);
    marked.metadata.deletionTimestamp = new Date().toISOString().replace(/\.\d+/, '');
    if (marked.metadata.generation) marked.metadata.generation++;
    return this.#put(kind, 'MODIFIED', object, marked);
  }

  /** From now on every version before this moment is too old. */
  compact() {
    this.oldest = ++this.version;
    this.history = [];
  }

  since(version, kind) {
    if (version < this.oldest) throw errors.gone(version);
    const bucket = bucketOf(kind);
    return this.history.filter(it => it.version > version && it.bucket === bucket);
  }

  #put(kind, type, before, object) {
    object.metadata.resourceVersion = String(++this.version);
    this.bucket(kind).set(keyOf(object.metadata.namespace, object.metadata.name), object);
    this.#happened({ type, bucket: bucketOf(kind), version: this.version, before, object });
    return object;
  }

  #remove(kind, object) {
    this.bucket(kind).delete(keyOf(object.metadata.namespace, object.metadata.name));
    const last = structuredClone(object);
    last.metadata.resourceVersion = String(++this.version);
    this.#happened({ type: 'DELETED', bucket: bucketOf(kind), version: this.version, before: object, object: last });
    return last;
  }

  #happened(change) {
    this.history.push(change);
    if (this.history.length > HISTORY * 1.5) {
      this.history = this.history.slice(-HISTORY);
      this.oldest = this.history[0].version - 1;
    }
    this.emit('change', change);
  }
}

/** The times of managedFields alone are no change. */
function withoutTimes(object) {
  if (!object.metadata.managedFields) return object;
  return { ...object, metadata: { ...object.metadata, managedFields: object.metadata.managedFields.map(({ time, ...rest }) => rest) } };
}

function sorted(value) {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.keys(value).sort().map(key => [key, sorted(value[key])]));
}

module.exports = { Store, bucketOf, sorted };
