// @ts-check
'use strict';
// What tests may do to the server besides its API: POST /stand-in/<what> with JSON, or for many objects with one of them in each line. And what they may ask.
const errors = require('./errors');
const { linesOf, read } = require('./body');

class SideDoor {
  constructor(server) {
    this.server = server;
    this.faults = [];
    this.counts = new Map();
    this.writes = [];
    this.rules = new Set();
  }

  /** Counted once for each request of the API. */
  note(user, verb, kind, namespace, name, code) {
    const resource = nameOf(kind);
    const key = `${user.name}\t${verb}\t${resource}`;
    this.counts.set(key, (this.counts.get(key) ?? 0) + 1);
    if (!['get', 'list', 'watch'].includes(verb)) this.writes.push({ user: user.name, verb, resource, namespace, name, code });
  }

  /** The fault that is due for a request; undefined = none. */
  faultOf(request) {
    const fault = this.faults.find(
      ({ match = {}, times }) =>
        times > 0 &&
        (!match.method || match.method === request.method) &&
        (!match.verb || match.verb === request.verb) &&
        (!match.user || match.user === request.user) &&
        (!match.path || new RegExp(match.path).test(request.path)),
    );
    if (fault) fault.times--;
    return fault;
  }

  async handle(what, request, response) {
    if (what === 'load') return { loaded: await each(request, object => this.server.resources.load(object)) };
    if (what === 'remove') return { removed: await each(request, object => this.server.resources.remove(object)) };
    const body = JSON.parse((await read(request)).toString() || '{}');
    switch (what) {
      case 'faults':
        this.faults.push({ times: 1, ...body });
        return {};
      case 'clear-faults':
        this.faults = [];
        return {};
      case 'drop-watches':
        return { dropped: this.server.dropWatches() };
      case 'compact':
        this.server.store.compact();
        return {};
      // Not before whoever asks for it has the answer.
      case 'outage':
        response.on('finish', () => setImmediate(() => this.server.outage(body.ms)));
        return {};
      case 'reset':
        this.counts.clear();
        this.writes = [];
        return {};
      case 'requests':
        return {
          counts: [...this.counts].map(([key, count]) => {
            const [user, verb, resource] = key.split('\t');
            return { user, verb, resource, count };
          }),
          writes: this.writes,
          rules: [...this.rules],
        };
      case 'watches':
        return { open: [...this.server.watches].map(({ user, kind }) => `${user} ${nameOf(kind)}`) };
      case 'rss':
        return { bytes: process.memoryUsage().rss };
      default:
        throw errors.notServed();
    }
  }
}

const nameOf = kind => `${kind.plural}${kind.group ? `.${kind.group}` : ''}${kind.subresource ? `/${kind.subresource}` : ''}`;

/** Does the same with every object of a request; how many they were. */
async function each(request, act) {
  let count = 0;
  for await (const line of linesOf(request)) {
    count++;
    try {
      act(JSON.parse(line));
    } catch (error) {
      throw errors.badRequest(`line ${count}: ${error.message}`);
    }
  }
  return count;
}

module.exports = { SideDoor };
