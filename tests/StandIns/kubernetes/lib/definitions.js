// @ts-check
'use strict';
// The end of a CustomResourceDefinition: nothing new of its kind, its objects first, then itself.
const errors = require('./errors');

// kubernetes/kubernetes, apiextensions-apiserver: registry/customresourcedefinition/etcd.go marks the definition, its condition and its finalizer in
// one write, controller/finalizer/crd_finalizer.go deletes the objects and then removes the finalizer.
const CLEANUP = 'customresourcecleanup.apiextensions.k8s.io';

class Definitions {
  /** @param {{ kinds: import('./kinds').Kinds, store: import('./store').Store, onEnd: (kind: import('./kinds').Kind) => void }} parts */
  constructor({ kinds, store, onEnd }) {
    this.onEnd = onEnd;
    this.kinds = kinds;
    this.store = store;
    this.kind = kinds.find('apiextensions.k8s.io', 'v1', 'customresourcedefinitions');
    // Whatever removes the last object, the end of a namespace too.
    store.on('removed', ({ group, version, plural }) => this.look(kinds.find(group, version, plural)));
  }

  /**
   * Throws where the kind is about to go (apiserver/customresource_handler.go). The answer is 405 in older versions; in current ones it is 403, as users
   * quote it: '… "name" is forbidden: create not allowed while custom resource definition is terminating'.
   */
  require(kind, name) {
    if (kind.terminating) throw errors.definitionTerminating(kind, name);
  }

  /** Takes the objects along. */
  end(crd) {
    if (!crd.metadata.deletionTimestamp) {
      const marked = structuredClone(crd);
      delete marked.metadata.resourceVersion;
      marked.metadata.finalizers = [...new Set([...(marked.metadata.finalizers ?? []), CLEANUP])];
      marked.status.conditions = [
        ...marked.status.conditions,
        {
          type: 'Terminating',
          status: 'True',
          reason: 'InstanceDeletionPending',
          message: 'CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon',
          lastTransitionTime: new Date().toISOString().replace(/\.\d+/, ''),
        },
      ];
      this.store.delete(this.kind, this.store.replace(this.kind, crd, marked));
    }
    const ending = this.#kindsOf(crd);
    for (const kind of ending) kind.terminating = true;
    for (const kind of ending) for (const instance of this.store.list(kind)) this.store.delete(kind, instance);
    this.look(ending[0]);
  }

  /** After an object of the kind has gone: the last one of a kind that is about to go takes it along. */
  look(kind) {
    if (!kind?.terminating || this.store.list(kind).length) return;
    const crd = this.store.get(this.kind, '', `${kind.plural}.${kind.group}`);
    const after = structuredClone(crd);
    delete after.metadata.resourceVersion;
    after.metadata.finalizers = after.metadata.finalizers.filter(it => it !== CLEANUP);
    for (const it of this.#kindsOf(crd)) this.onEnd(it);
    this.kinds.undefine(crd);
    this.store.replace(this.kind, crd, after);
  }

  #kindsOf(crd) {
    return this.kinds.all().filter(it => it.custom && it.group === crd.spec.group && it.plural === crd.spec.names.plural);
  }
}

module.exports = { Definitions };
