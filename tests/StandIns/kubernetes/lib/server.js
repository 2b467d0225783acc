// @ts-check
'use strict';
// The API server: HTTP in front, objects behind.
const fs = require('node:fs');
const http = require('node:http');
const http2 = require('node:http2');
const path = require('node:path');
const zlib = require('node:zlib');
const yaml = require('yaml');
const errors = require('./errors');
const schemas = require('./schema');
const { Admission } = require('./admission');
const { Aggregation } = require('./aggregation');
const { Kinds, apiVersionOf } = require('./kinds');
const { Lists } = require('./lists');
const { Resources } = require('./resources');
const { SideDoor } = require('./side-door');
const { Store } = require('./store');
const { Users } = require('./users');
const { Watch } = require('./watch');
const { read } = require('./body');
const { discover } = require('./discovery');
const { served } = require('./events');
const { permit } = require('./rbac');
const { selector } = require('./selectors');
const { table } = require('./table');
const { listen } = require('../../program');

/**
 * @typedef {object} Options
 * @property {number} port 0 = a free one
 * @property {string[]} crds files and folders
 * @property {Map<string, string>} services NAMESPACE/NAME -> where a webhook that names it is found
 * @property {boolean} withParent end with the standard input
 * @property {import('node:tls').SecureContextOptions & import('node:tls').TlsOptions} [tls] without it the server speaks plain HTTP/1.1
 * @property {string} [tokens] a file; without it everybody is an administrator
 * @property {boolean} [enforceRbac]
 */

class ApiServer {
  /** @param {Options} options */
  constructor(options) {
    this.options = options;
    this.kinds = new Kinds();
    this.store = new Store();
    this.lists = new Lists(this.store);
    this.aggregation = new Aggregation(this.store);
    this.users = new Users(options.tokens);
    this.door = new SideDoor(this);
    this.watches = new Set();
    this.sockets = new Set();
    this.resources = new Resources({
      kinds: this.kinds,
      store: this.store,
      admission: new Admission(this.store, options.services),
      onEnd: kind => this.#endWatches(kind),
    });
    const handle = (request, response) => this.#handle(request, response);
    // As the real server: HTTP/2 where the client can, which kubectl and ours do.
    this.http = options.tls ? http2.createSecureServer({ ...options.tls, allowHTTP1: true }, handle) : http.createServer(handle);
    this.http.on('connection', socket => {
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket));
    });
  }

  /** @param {Options} options */
  static async create(options) {
    await schemas.loadRules();
    const server = new ApiServer(options);
    const admin = { name: 'stand-in', groups: ['system:masters'] };
    for (const name of ['default', 'kube-system'])
      await server.resources.create({ kind: server.kinds.find('', 'v1', 'namespaces'), user: admin, query: new URLSearchParams() }, { metadata: { name } });
    for (const file of options.crds.flatMap(filesOf))
      for (const document of yaml
        .parseAllDocuments(fs.readFileSync(file, 'utf8'))
        .map(it => it.toJS())
        .filter(it => it?.kind === 'CustomResourceDefinition'))
        await server.resources.create(
          { kind: server.kinds.find('apiextensions.k8s.io', 'v1', 'customresourcedefinitions'), user: admin, query: new URLSearchParams() },
          document,
        );
    return server;
  }

  /** Listens on the loopback interface and answers the port. @param {number} port */
  async listen(port) {
    return (this.port = await listen(this.http, port));
  }

  close() {
    this.http.close();
  }

  /** Watches of a kind that is no longer served end a second later (apiextensions-apiserver, customresource_handler.go, tearDown). */
  #endWatches(kind) {
    setTimeout(() => {
      for (const watch of [...this.watches]) if (watch.kind.group === kind.group && watch.kind.plural === kind.plural) watch.close();
    }, 1_000).unref();
  }

  dropWatches() {
    const count = this.watches.size;
    for (const watch of [...this.watches]) watch.drop();
    return count;
  }

  /** Nobody is answered for a while, as when the server restarts; what is stored stays. */
  outage(ms) {
    this.http.close();
    for (const watch of [...this.watches]) watch.drop();
    for (const socket of this.sockets) socket.destroy();
    setTimeout(() => this.http.listen(this.port, '127.0.0.1'), ms);
  }

  async #handle(request, response) {
    const url = new URL(request.url, 'http://localhost');
    try {
      if (url.pathname.startsWith('/stand-in/'))
        return this.#answer(request, response, 200, await this.door.handle(url.pathname.slice('/stand-in/'.length), request, response));
      await this.#serve(request, response, url, await read(request));
    } catch (error) {
      const refusal = error instanceof errors.ApiError ? error : new errors.ApiError(500, 'InternalError', `Internal error occurred: ${error.stack}`);
      warn(response, refusal.warnings);
      if (!response.headersSent) this.#answer(request, response, refusal.code, refusal.status());
      else response.end();
    }
    return undefined;
  }

  async #serve(request, response, url, body) {
    if (['/healthz', '/readyz', '/livez'].includes(url.pathname)) return this.#answer(request, response, 200, 'ok');
    const user = this.users.of(request);
    if (url.pathname === '/openapi/v2' && /protobuf/.test(request.headers.accept ?? '')) {
      // kubectl before 1.24 takes this form only; a document without definitions lets it pass everything on to the server.
      response.writeHead(200, { 'content-type': 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf' });
      return response.end(Buffer.from([0x0a, 3, ...Buffer.from('2.0')]));
    }
    const found = discover(this.kinds, url.pathname);
    if (found) {
      const fault = this.door.faultOf({ method: request.method, verb: 'discover', user: user.name, path: url.pathname });
      return fault?.answer ? this.#fault(request, response, fault.answer) : this.#answer(request, response, 200, found);
    }

    const target = this.#target(url);
    const query = url.searchParams;
    const verb = verbOf(request.method, target, query);
    const fault = this.door.faultOf({ method: request.method, verb, user: user.name, path: url.pathname });
    if (fault?.drop) return drop(request);
    if (fault?.hang) await new Promise(resolve => setTimeout(resolve, fault.hang));
    if (fault?.answer) return this.#fault(request, response, fault.answer);

    const kind = target.subresource ? { ...target.kind, subresource: target.subresource } : target.kind;
    const { namespace, name } = target;
    if (this.options.enforceRbac) {
      const rule = permit(this.store, user, { verb, kind, namespace, name: name ?? selectedName(query) });
      if (!rule) {
        this.door.note(user, verb, kind, namespace, name, 403);
        throw errors.forbidden(user.name, verb, kind, namespace, name);
      }
      this.door.rules.add(rule);
    }

    const call = {
      kind,
      namespace,
      name,
      user,
      query,
      contentType: (request.headers['content-type'] ?? 'application/json').split(';')[0],
      agent: request.headers['user-agent'] ?? '',
    };
    let refused;
    try {
      switch (verb) {
        case 'watch':
          return this.#watch(request, response, call);
        case 'list':
          return this.#list(request, response, call);
        case 'get':
          return this.#answer(request, response, 200, this.#shape(request, call, this.resources.get(call)));
        default: {
          const { object, code = 200, warnings } = await this.resources.write(verb, call, body);
          warn(response, warnings);
          return this.#answer(request, response, code, this.#shape(request, call, object));
        }
      }
    } catch (error) {
      refused = error;
      throw error;
    } finally {
      this.door.note(user, verb, kind, namespace, name, refused ? (refused.code ?? 500) : response.statusCode);
    }
  }

  #target({ pathname }) {
    const steps = pathname
      .split('/')
      .filter(step => step)
      .map(decodeURIComponent);
    const [group, version, ...rest] = steps[0] === 'api' ? ['', ...steps.slice(1)] : steps[0] === 'apis' ? steps.slice(1) : [];
    const namespaced = rest[0] === 'namespaces' && rest.length > 2 && this.kinds.find(group, version, rest[2]);
    const [plural, name, subresource] = namespaced ? rest.slice(2) : rest;
    const kind = this.kinds.find(group, version, plural);
    if (!kind || (subresource && !kind.subresources.includes(subresource))) throw errors.notServed();
    return { kind, namespace: namespaced ? rest[1] : undefined, name, subresource };
  }

  #list(request, response, { kind, namespace, query }) {
    const { objects, metadata } = this.lists.page(kind, namespace, query);
    if (wantsTable(request))
      return this.#answer(request, response, 200, { ...table(kind, objects, metadata.resourceVersion, query.get('includeObject') ?? undefined), metadata });
    return this.#answer(request, response, 200, {
      kind: `${kind.kind}List`,
      apiVersion: apiVersionOf(kind),
      metadata,
      items: kind.custom
        ? objects.map(object => versioned(kind, object))
        : objects.map(object => served(kind, object)).map(({ apiVersion, kind: _, ...rest }) => rest),
    });
  }

  #watch(request, response, { kind, namespace, name, user, query }) {
    const version = query.get('resourceVersion') ?? undefined;
    if (version && version !== '0' && Number(version) < this.store.oldest) {
      response.writeHead(200, { 'content-type': 'application/json' });
      return response.end(`${JSON.stringify({ type: 'ERROR', object: errors.gone(version).status() })}\n`);
    }
    const bySelector = selector(query);
    const matches = name ? object => object.metadata.name === name && bySelector(object) : bySelector;
    const include = query.get('includeObject') ?? undefined;
    const shape = wantsTable(request)
      ? (object, type) => (type === 'BOOKMARK' ? object : table(kind, [object], object.metadata.resourceVersion, include))
      : (object, type) => (type === 'BOOKMARK' ? object : versioned(kind, object));
    const form = wantsTable(request) ? `${apiVersionOf(kind)} table ${include}` : apiVersionOf(kind);
    response.writeHead(200, { 'content-type': 'application/json' });
    response.flushHeaders();
    const watch = new Watch({
      store: this.store,
      kind,
      user: user.name,
      namespace,
      matches,
      shape,
      form,
      response,
      bookmarks: query.get('allowWatchBookmarks') === 'true',
      seconds: Number(query.get('timeoutSeconds') ?? 1800),
      onEnd: it => this.watches.delete(it),
    });
    this.watches.add(watch);
    return watch.start(version);
  }

  #shape(request, { kind, query }, object) {
    if (object.kind === 'Status') return object;
    return wantsTable(request) ? table(kind, [object], object.metadata.resourceVersion, query.get('includeObject') ?? undefined) : versioned(kind, object);
  }

  #fault(request, response, { status, retryAfter, reason, message = 'a fault of the stand-in' }) {
    if (retryAfter !== undefined) response.setHeader('Retry-After', String(retryAfter));
    const reasons = { 409: 'Conflict', 410: 'Expired', 429: 'TooManyRequests', 500: 'InternalError', 503: 'ServiceUnavailable' };
    this.#answer(request, response, status, new errors.ApiError(status, reason ?? reasons[status] ?? 'Unknown', message).status());
  }

  #answer(request, response, code, content) {
    let body = Buffer.from(typeof content === 'string' ? content : JSON.stringify(content));
    const headers = { 'content-type': typeof content === 'string' ? 'text/plain' : 'application/json' };
    if (body.length > 128 << 10 && /\bgzip\b/.test(request.headers['accept-encoding'] ?? '')) {
      body = zlib.gzipSync(body, { level: 1 });
      headers['content-encoding'] = 'gzip';
    }
    response.writeHead(code, { ...headers, 'content-length': body.length });
    response.end(body);
  }
}

/** Ends the whole connection in the middle, whatever else runs over it. */
function drop({ stream, socket }) {
  if (stream?.session) stream.session.destroy();
  else socket.destroy();
}

const versioned = (kind, object) => ({ ...served(kind, object), apiVersion: apiVersionOf(kind), kind: kind.kind });
const wantsTable = request => /as=Table/.test(request.headers.accept ?? '');

function verbOf(method, { name }, query) {
  switch (method) {
    case 'GET':
      return ['true', '1'].includes(query.get('watch')) ? 'watch' : name ? 'get' : 'list';
    case 'POST':
      return 'create';
    case 'PUT':
      return 'update';
    case 'PATCH':
      return 'patch';
    case 'DELETE':
      return name ? 'delete' : 'deletecollection';
    default:
      throw errors.methodNotAllowed();
  }
}

/**
 * A list or watch of one object by its name is authorised as a request for that name (kubernetes.io, Using RBAC Authorization, Referring to resources:
 * "clients must include a metadata.name field selector").
 */
const selectedName = query => /^metadata\.name==?([^,]+)$/.exec(query.get('fieldSelector') ?? '')?.[1];

function warn(response, warnings) {
  if (!response.headersSent && warnings?.length)
    response.setHeader(
      'Warning',
      warnings.map(text => `299 - "${text.replace(/["\\]/g, '\\$&').replace(/[^\x20-\x7e]/g, it => encodeURIComponent(it))}"`),
    );
}

function filesOf(file) {
  return fs.statSync(file).isDirectory()
    ? fs
        .readdirSync(file)
        .filter(it => it.endsWith('.yaml'))
        .map(it => path.join(file, it))
    : [file];
}

module.exports = { ApiServer };
