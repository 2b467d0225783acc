// @ts-check
'use strict';
// The objects of one kind, in the order of their keys, as etcd gives them.

const keyOf = (namespace, name) => `${namespace ?? ''}/${name}`;

class Bucket {
  #objects = new Map();
  #keys = [];

  get(namespace, name) {
    return this.#objects.get(keyOf(namespace, name));
  }

  set(object) {
    const key = keyOf(object.metadata.namespace, object.metadata.name);
    if (!this.#objects.has(key)) this.#keys.splice(this.#at(key), 0, key);
    this.#objects.set(key, object);
  }

  delete(object) {
    const key = keyOf(object.metadata.namespace, object.metadata.name);
    if (this.#objects.delete(key)) this.#keys.splice(this.#at(key), 1);
  }

  /** Of one namespace, or all. */
  list(namespace) {
    // '0' follows '/'.
    const keys = namespace ? this.#keys.slice(this.#at(`${namespace}/`), this.#at(`${namespace}0`)) : this.#keys;
    return keys.map(key => this.#objects.get(key));
  }

  /** Where a key is, or would be. */
  #at(key) {
    let [low, high] = [0, this.#keys.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#keys[middle] < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

module.exports = { Bucket };
