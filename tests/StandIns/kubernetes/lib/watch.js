// @ts-check
'use strict';
// One watch: what has happened since a version, then what happens, line by line.
const { constants } = require('node:http2');
const { bucketOf } = require('./store');

class Watch {
  /**
   * @param {object} options
   * @param {import('./store').Store} options.store
   * @param {import('./kinds').Kind} options.kind
   * @param {string} options.user
   * @param {string | undefined} options.namespace
   * @param {(object) => boolean} options.matches
   * @param {(object, type: string) => object} options.shape
   * @param {string} options.form names the shape; watches of one form write one and the same line of a change
   * @param {any} options.response of HTTP/1.1 or HTTP/2
   * @param {boolean} options.bookmarks
   * @param {number} options.seconds
   * @param {(watch: Watch) => void} options.onEnd
   */
  constructor({ store, kind, user, namespace, matches, shape, form, response, bookmarks, seconds, onEnd }) {
    this.store = store;
    this.kind = kind;
    this.user = user;
    this.namespace = namespace;
    this.matches = matches;
    this.shape = shape;
    this.form = form;
    this.response = response;
    this.onEnd = onEnd;
    this.listener = (change, lines) => this.#tell(change, lines);
    store.on(bucketOf(kind), this.listener);
    if (bookmarks) this.bookmarks = setInterval(() => this.bookmark(), 5_000);
    this.end = setTimeout(() => this.close(), seconds * 1000);
    response.on('close', () => this.#stop());
  }

  /** The changes of the past, or for a watch without a version the objects as they are. */
  start(version) {
    if (version === undefined || version === '0')
      for (const object of this.store.list(this.kind, this.namespace)) this.matches(object) && this.#write('ADDED', object);
    else for (const change of this.store.since(Number(version), this.kind)) this.#tell(change);
  }

  bookmark() {
    const { group, version, kind } = this.kind;
    this.#write('BOOKMARK', {
      kind,
      apiVersion: group ? `${group}/${version}` : version,
      metadata: { resourceVersion: String(this.store.version), creationTimestamp: null },
    });
  }

  close() {
    this.#stop();
    this.response.end();
  }

  drop() {
    this.#stop();
    // Over HTTP/2 only this watch breaks, and the connection lives on.
    if (this.response.stream?.close) this.response.stream.close(constants.NGHTTP2_INTERNAL_ERROR);
    else this.response.socket?.destroy();
  }

  // An object that comes into or leaves the selection is added or deleted for this watch.
  #tell({ type, before, object }, lines) {
    if (this.namespace && object.metadata.namespace !== this.namespace) return;
    const [was, is] = [before !== undefined && this.matches(before), type !== 'DELETED' && this.matches(object)];
    if (is) this.#write(was ? 'MODIFIED' : 'ADDED', object, lines);
    else if (was) this.#write('DELETED', object, lines);
  }

  #write(type, object, lines) {
    const key = `${type} ${this.form}`;
    const line = lines?.get(key) ?? Buffer.from(`${JSON.stringify({ type, object: this.shape(object, type) })}\n`);
    lines?.set(key, line);
    this.response.write(line);
  }

  #stop() {
    this.store.off(bucketOf(this.kind), this.listener);
    clearInterval(this.bookmarks);
    clearTimeout(this.end);
    this.onEnd(this);
  }
}

module.exports = { Watch };
