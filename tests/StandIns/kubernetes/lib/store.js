// @ts-check
'use strict';
// Objects, their versions, and what happened to them: one counter for all, as etcd has it.
const { randomUUID } = require('node:crypto');
const { EventEmitter } = require('node:events');
const errors = require('./errors');
const { Bucket } = require('./bucket');

// Changes that a watch can go back to.
const HISTORY = 20_000;

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
    if (!this.buckets.has(name)) this.buckets.set(name, new Bucket());
    return this.buckets.get(name);
  }

  get(kind, namespace, name) {
    return this.bucket(kind).get(kind.namespaced ? namespace : '', name);
  }

  list(kind, namespace) {
    return this.bucket(kind).list(namespace);
  }

  create(kind, namespace, object) {
    const { name } = object.metadata;
    if (this.get(kind, namespace, name)) throw errors.alreadyExists(kind, name);
    object.metadata = { ...object.metadata, ...(kind.namespaced && { namespace }), ...fresh(kind, object) };
    delete object.metadata.deletionTimestamp;
    delete object.metadata.deletionGracePeriodSeconds;
    return this.#put(kind, 'ADDED', undefined, object);
  }

  /** Nothing is written where nothing changes. */
  replace(kind, before, after) {
    const { name } = before.metadata;
    if (after.metadata.uid && after.metadata.uid !== before.metadata.uid)
      throw errors.conflict(kind, name, `Precondition failed: UID in precondition: ${after.metadata.uid}, UID in object meta: ${before.metadata.uid}`);
    if (after.metadata.resourceVersion && after.metadata.resourceVersion !== before.metadata.resourceVersion) throw errors.conflict(kind, name);
    for (const field of ['uid', 'creationTimestamp', 'resourceVersion', 'generation', 'deletionTimestamp', 'deletionGracePeriodSeconds', 'namespace', 'name'])
      if (field in before.metadata) after.metadata[field] = before.metadata[field];
      else delete after.metadata[field];
    if (before.metadata.generation && !isEqual(before.spec, after.spec)) after.metadata.generation = before.metadata.generation + 1;
    if (isEqual(withoutTimes(before), withoutTimes(after))) return before;
    if (after.metadata.deletionTimestamp && !isHeld(kind, after)) return this.#remove(kind, after);
    return this.#put(kind, 'MODIFIED', before, after);
  }

  /** As it is given, over whatever has its name: what only the server knows is set where it is missing. Another uid is another object. */
  load(kind, object) {
    let before = this.get(kind, object.metadata.namespace, object.metadata.name);
    if (before && object.metadata.uid && object.metadata.uid !== before.metadata.uid) {
      this.#remove(kind, before);
      before = undefined;
    }
    const { uid, creationTimestamp, generation, deletionTimestamp } = before?.metadata ?? fresh(kind, object);
    const counted = before && !isEqual(before.spec, object.spec) ? generation + 1 : generation;
    object.metadata = {
      uid,
      creationTimestamp,
      ...(generation && { generation: counted }),
      ...(deletionTimestamp && { deletionTimestamp }),
      ...object.metadata,
    };
    if (deletionTimestamp && !isHeld(kind, object)) return this.#remove(kind, object);
    return this.#put(kind, before ? 'MODIFIED' : 'ADDED', before, object);
  }

  /** Objects with finalizers are only marked. */
  delete(kind, object) {
    if (!isHeld(kind, object)) return this.#remove(kind, object);
    if (object.metadata.deletionTimestamp) return object;
    const marked = structuredClone(object);
    marked.metadata.deletionTimestamp = now();
    if (kind.kind === 'Namespace') marked.status = { ...marked.status, phase: 'Terminating' };
    else marked.metadata.deletionGracePeriodSeconds = 0;
    if (marked.metadata.generation) marked.metadata.generation++;
    return this.#put(kind, 'MODIFIED', object, marked);
  }

  /** From now on every version before this moment is too old. */
  compact() {
    this.oldest = ++this.version;
    this.history = [];
    this.emit('compacted');
  }

  since(version, kind) {
    if (version < this.oldest) throw errors.gone(version);
    const bucket = bucketOf(kind);
    return this.history.filter(it => it.version > version && it.bucket === bucket);
  }

  #put(kind, type, before, object) {
    object.metadata.resourceVersion = String(++this.version);
    this.bucket(kind).set(object);
    this.#happened({ type, bucket: bucketOf(kind), version: this.version, before, object });
    return object;
  }

  #remove(kind, object) {
    this.bucket(kind).delete(object);
    setImmediate(() => this.emit('removed', kind));
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
    // With the lines that watches have made of it: the first one writes them for all.
    this.emit(change.bucket, change, new Map());
  }
}

const now = () => new Date().toISOString().replace(/\.\d+/, '');

/** What the server knows of a new object. The kinds of the core group have no generation. */
const fresh = (kind, object) => ({ uid: randomUUID(), creationTimestamp: now(), ...((kind.custom || (kind.group && 'spec' in object)) && { generation: 1 }) });

/** By finalizers; a namespace by its contents too. */
const isHeld = (kind, { metadata, spec }) => Boolean(metadata.finalizers?.length || (kind.kind === 'Namespace' && spec?.finalizers?.length));

/** The times of managedFields alone are no change. */
function withoutTimes(object) {
  if (!object.metadata.managedFields) return object;
  return { ...object, metadata: { ...object.metadata, managedFields: object.metadata.managedFields.map(({ time, ...rest }) => rest) } };
}

const isEqual = (a, b) => JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));

function sorted(value) {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map(key => [key, sorted(value[key])]),
  );
}

module.exports = { Store, bucketOf, sorted };
