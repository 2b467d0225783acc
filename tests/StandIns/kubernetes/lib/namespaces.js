// @ts-check
'use strict';
// What holds for namespaces alone: nothing new in one that ends, and one that ends waits for its contents.
const errors = require('./errors');

const CONTENTS = 'kubernetes'; // the finalizer of every namespace, in spec

const BETWEEN_KINDS = 50; // ms; the controller makes its requests at a limited rate

class Namespaces {
  /** @param {{ kinds: import('./kinds').Kinds, store: import('./store').Store }} parts */
  constructor({ kinds, store }) {
    this.kinds = kinds;
    this.store = store;
    this.kind = kinds.find('', 'v1', 'namespaces');
  }

  get(name) {
    return this.store.get(this.kind, '', name);
  }

  /** Throws where nothing can be created. */
  require(name, kind, created) {
    const namespace = this.get(name);
    if (!namespace) throw errors.notFound(this.kind, name);
    if (namespace.metadata.deletionTimestamp) throw errors.terminating(kind, created, name);
  }

  /** What the server says of a namespace, whatever is written. */
  complete(object, before) {
    object.metadata.labels = { ...object.metadata.labels, 'kubernetes.io/metadata.name': object.metadata.name };
    object.spec = { finalizers: before ? before.spec.finalizers : [CONTENTS] };
    object.status ??= { phase: 'Active' };
  }

  /**
   * Takes the contents along, one kind after the other in no order, after the answer: the namespace controller walks a map of kinds, and waits for no
   * finalizer in between (kubernetes, deleteAllContent in pkg/controller/namespace/deletion/namespaced_resources_deleter.go).
   */
  end(namespace) {
    this.store.delete(this.kind, namespace);
    this.#empty(namespace.metadata);
  }

  async #empty({ name, uid }) {
    for (const kind of inNoOrder(this.#kinds())) {
      if (this.get(name)?.metadata.uid !== uid) return;
      const objects = this.store.list(kind, name);
      for (const object of objects) this.store.delete(kind, object);
      if (objects.length === 0) continue;
      this.look(name);
      await new Promise(resolve => setTimeout(resolve, BETWEEN_KINDS));
    }
    this.look(name);
  }

  /** After something in it has gone: it goes too, or says what it waits for. */
  look(name) {
    const before = name && this.get(name);
    if (!before?.metadata.deletionTimestamp) return;
    const left = [...new Map(this.#kinds().map(kind => [`${kind.plural}.${kind.group}`, this.store.list(kind, name)]))].filter(([, objects]) => objects.length);
    const after = structuredClone(before);
    delete after.metadata.resourceVersion;
    after.spec.finalizers = left.length ? after.spec.finalizers : after.spec.finalizers.filter(it => it !== CONTENTS);
    after.status.conditions = conditions(left, before.status.conditions ?? []);
    this.store.replace(this.kind, before, after);
  }

  #kinds() {
    return this.kinds.all().filter(it => it.namespaced);
  }
}

const inNoOrder = list =>
  list
    .map(it => ({ it, at: Math.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ it }) => it);

function conditions(left, before) {
  const finalizers = new Map();
  for (const finalizer of left.flatMap(([, objects]) => objects.flatMap(it => it.metadata.finalizers ?? [])))
    finalizers.set(finalizer, (finalizers.get(finalizer) ?? 0) + 1);
  return [
    condition(
      'NamespaceContentRemaining',
      left.length ? 'SomeResourcesRemain' : 'ContentRemoved',
      left.length
        ? `Some resources are remaining: ${left.map(([kind, objects]) => `${kind} has ${objects.length} resource instances`).join(', ')}`
        : 'All content successfully removed',
    ),
    condition(
      'NamespaceFinalizersRemaining',
      finalizers.size ? 'SomeFinalizersRemain' : 'ContentHasNoFinalizers',
      finalizers.size
        ? `Some content in the namespace has finalizers remaining: ${[...finalizers]
            .sort()
            .map(([it, count]) => `${it} in ${count} resource instances`)
            .join(', ')}`
        : 'All content-preserving finalizers finished',
    ),
  ];

  function condition(type, reason, message) {
    const status = reason.startsWith('Some') ? 'True' : 'False';
    const same = before.find(it => it.type === type && it.status === status);
    return { type, status, lastTransitionTime: same?.lastTransitionTime ?? new Date().toISOString().replace(/\.\d+/, ''), reason, message };
  }
}

module.exports = { Namespaces };
