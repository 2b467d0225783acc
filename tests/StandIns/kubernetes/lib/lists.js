// @ts-check
'use strict';
// Lists in pages: every page shows the objects as they were when the first one was asked for.
const errors = require('./errors');
const { selector } = require('./selectors');

// Lists that can be under way at once; the oldest is forgotten first.
const OPEN = 64;

class Lists {
  #open = new Map();
  #started = 0;

  /** @param {import('./store').Store} store */
  constructor(store) {
    this.store = store;
    store.on('compacted', () => this.#open.clear());
  }

  /** The objects of a page and the metadata of its list. */
  page(kind, namespace, query) {
    const limit = Number(query.get('limit') ?? 0);
    const [id, from] = query.get('continue') ? JSON.parse(Buffer.from(query.get('continue'), 'base64url').toString()) : [++this.#started, 0];
    const list = from ? this.#open.get(id) : { version: String(this.store.version), objects: this.store.list(kind, namespace).filter(selector(query)) };
    if (!list) throw errors.expired();
    const to = limit > 0 ? from + limit : list.objects.length;
    const left = list.objects.length - to;
    if (left <= 0) return { objects: list.objects.slice(from), metadata: { resourceVersion: list.version } };
    this.#keep(id, list);
    const isSelected = query.get('labelSelector') || query.get('fieldSelector');
    return {
      objects: list.objects.slice(from, to),
      metadata: {
        resourceVersion: list.version,
        continue: Buffer.from(JSON.stringify([id, to])).toString('base64url'),
        ...(!isSelected && { remainingItemCount: left }),
      },
    };
  }

  #keep(id, list) {
    this.#open.set(id, list);
    if (this.#open.size > OPEN) this.#open.delete(this.#open.keys().next().value);
  }
}

module.exports = { Lists };
