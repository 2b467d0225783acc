// @ts-check
'use strict';
// Reads and writes of single objects: patches, schemas, admission, subresources.
const { randomBytes } = require('node:crypto');
const yaml = require('yaml');
const errors = require('./errors');
const patches = require('./patch');
const schemas = require('./schema');
const validation = require('./validation');
const { apply, update } = require('./apply');
const { Definitions } = require('./definitions');
const { Namespaces } = require('./namespaces');
const { selector } = require('./selectors');

const PROTOBUF = Buffer.from('k8s\0'); // what kubectl create sends for built-in kinds; not served here
const PATCHES = ['application/json-patch+json', 'application/merge-patch+json', 'application/apply-patch+yaml'];

class Resources {
  /**
   * @param {object} parts
   * @param {import('./kinds').Kinds} parts.kinds
   * @param {import('./store').Store} parts.store
   * @param {import('./admission').Admission} parts.admission
   * @param {(kind: import('./kinds').Kind) => void} parts.onEnd a kind is no longer served
   */
  constructor({ kinds, store, admission, onEnd }) {
    this.kinds = kinds;
    this.store = store;
    this.admission = admission;
    this.namespaces = new Namespaces({ kinds, store });
    this.definitions = new Definitions({ kinds, store, onEnd });
  }

  get({ kind, namespace, name }) {
    const object = this.store.get(kind, namespace, name);
    if (!object) throw errors.notFound(kind, name);
    return object;
  }

  async write(verb, call, body) {
    switch (verb) {
      case 'create':
        return this.create(call, parse(body));
      case 'update':
        return this.#change(call, () => parse(body), 'update');
      case 'patch':
        return this.#patch(call, body);
      case 'delete':
        return this.#delete(call, body.length ? parse(body) : {});
      case 'deletecollection': {
        for (const object of this.store.list(call.kind, call.namespace).filter(selector(call.query))) this.#remove(call.kind, object);
        return { object: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success' } };
      }
      default:
        throw errors.methodNotAllowed();
    }
  }

  async create(call, object, applied) {
    const { kind, user, query } = call;
    if (!patches.isObject(object) || !patches.isObject(object.metadata)) throw errors.badRequest('the body is no object');
    const namespace = kind.namespaced ? (call.namespace ?? object.metadata.namespace ?? 'default') : undefined;
    if (object.metadata.namespace && kind.namespaced && object.metadata.namespace !== namespace)
      throw errors.badRequest('the namespace of the provided object does not match the namespace sent on the request');
    object.metadata.name ??= object.metadata.generateName ? object.metadata.generateName + randomBytes(3).toString('hex').slice(0, 5) : undefined;
    const { name } = object.metadata;
    if (!name)
      throw errors.invalid(kind, '', [{ reason: 'FieldValueRequired', field: 'metadata.name', message: 'Required value: name or generateName is required' }]);
    const causes = [...validation.ofMetadata(kind, object.metadata), ...validation.ofEvent(kind, object)];
    if (causes.length > 0) throw errors.invalid(kind, name, causes);
    if (namespace) this.namespaces.require(namespace, kind, name);
    this.definitions.require(kind, name);
    if (this.store.get(kind, namespace, name)) throw errors.alreadyExists(kind, name);
    if (kind.subresources.includes('status')) delete object.status;
    const warnings = this.#admit(kind, undefined, object, query);
    if (!applied) object.metadata.managedFields = update(kind, undefined, object, managerOf(call));
    warnings.push(...(await this.admission.review({ kind, operation: 'CREATE', namespace, name, object, user, dryRun: isDry(query) })));
    if (isDry(query)) return { object: { ...object, metadata: { ...object.metadata, namespace, uid: 'dry-run' } }, code: 201, warnings };
    const stored = this.store.create(kind, namespace, object);
    this.#serveKind(kind, stored);
    return { object: stored, code: 201, warnings };
  }

  async #patch(call, body) {
    const { kind, namespace, name, contentType } = call;
    if (contentType === 'application/apply-patch+yaml') return this.#apply(call, body);
    if (kind.custom && !PATCHES.includes(contentType)) throw errors.unsupported(contentType, PATCHES);
    const patch = parse(body);
    const how = {
      'application/json-patch+json': patches.json,
      'application/merge-patch+json': patches.merge,
      'application/strategic-merge-patch+json': patches.strategic,
    }[contentType];
    if (!how) throw errors.unsupported(contentType, PATCHES);
    if (!this.store.get(kind, namespace, name)) throw errors.notFound(kind, name);
    return this.#change(call, before => how(before, patch), 'patch');
  }

  async #apply(call, body) {
    const { kind, namespace, name, query } = call;
    const applied = yaml.parse(body.toString());
    if (!query.get('fieldManager'))
      throw errors.invalid(kind, name, [{ reason: 'FieldValueRequired', field: 'fieldManager', message: 'Required value: is required for apply patch' }]);
    const options = { manager: query.get('fieldManager'), force: query.get('force') === 'true', subresource: kind.subresource };
    if (applied.metadata?.managedFields) throw errors.badRequest('metadata.managedFields must be nil');
    applied.metadata ??= {};
    applied.metadata.name ??= name;
    const before = this.store.get(kind, namespace, name);
    if (!before && kind.subresource) throw errors.notFound(kind, name);
    if (!before) {
      const object = apply(kind, undefined, applied, options);
      object.metadata = { ...applied.metadata, managedFields: object.metadata.managedFields };
      delete object.metadata.uid;
      return this.create(call, object, true);
    }
    return this.#change(call, live => apply(kind, live, applied, options), 'apply');
  }

  async #change(call, make, how) {
    const { kind, namespace, name, user, query } = call;
    const before = this.store.get(kind, namespace, name);
    if (!before) throw errors.notFound(kind, name);
    let after = make(structuredClone(before));
    if (!patches.isObject(after?.metadata)) throw errors.badRequest('the body is no object');
    if (kind.subresource === 'status')
      after = {
        ...structuredClone(before),
        status: after.status,
        metadata: {
          ...structuredClone(before.metadata),
          uid: after.metadata.uid,
          resourceVersion: after.metadata.resourceVersion,
          managedFields: after.metadata.managedFields,
        },
      };
    else if (kind.subresources.includes('status')) after.status = before.status;
    if (after.status === undefined) delete after.status;
    // A patch is made against the state that it found.
    if (how === 'patch' && after.metadata.resourceVersion === before.metadata.resourceVersion) delete after.metadata.resourceVersion;
    const warnings = this.#admit(kind, before, after, query);
    requireNoNewFinalizers(kind, before, after);
    if (how !== 'apply') after.metadata.managedFields = update(kind, before, after, managerOf(call));
    warnings.push(
      ...(await this.admission.review({ kind, operation: 'UPDATE', namespace, name, object: after, oldObject: before, user, dryRun: isDry(query) })),
    );
    const current = this.store.get(kind, namespace, name);
    if (current !== before) throw errors.conflict(kind, name);
    if (isDry(query)) return { object: after, warnings };
    const stored = this.store.replace(kind, before, after);
    this.#serveKind(kind, stored);
    this.namespaces.look(kind.kind === 'Namespace' ? name : namespace);
    return { object: stored, warnings };
  }

  async #delete({ kind, namespace, name, user, query }, { preconditions = {} }) {
    const object = this.get({ kind, namespace, name });
    for (const field of ['uid', 'resourceVersion'])
      if (preconditions[field] && preconditions[field] !== object.metadata[field]) throw errors.conflict(kind, name, `Precondition failed: ${field}`);
    const warnings = await this.admission.review({ kind, operation: 'DELETE', namespace, name, oldObject: object, user, dryRun: isDry(query) });
    // As it is now: it may have got a finalizer while webhooks were asked.
    if (!isDry(query)) this.#remove(kind, this.get({ kind, namespace, name }));
    // What waits for its finalizers is shown as it waits.
    const waiting = !isDry(query) && this.store.get(kind, namespace, name);
    return {
      object: waiting || {
        kind: 'Status',
        apiVersion: 'v1',
        metadata: {},
        status: 'Success',
        details: { name, group: kind.group || undefined, kind: kind.plural, uid: object.metadata.uid },
      },
      warnings,
    };
  }

  /** By the side door: stored as it is given, in a namespace that is made where it is missing. */
  load(object) {
    const { kind, namespace } = this.#described(object);
    if (namespace && !this.namespaces.get(namespace)) this.load({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
    if (namespace) this.namespaces.require(namespace, kind, object.metadata.name);
    if (kind.kind === 'Namespace') this.namespaces.complete(object, this.namespaces.get(object.metadata.name));
    this.#serveKind(kind, this.store.load(kind, object));
  }

  /** By the side door: an object of this name and kind is deleted. */
  remove(object) {
    const { kind, namespace } = this.#described(object);
    this.#remove(kind, this.get({ kind, namespace, name: object.metadata.name }));
  }

  #described({ apiVersion, kind, metadata }) {
    const found = this.kinds.described(apiVersion, kind);
    if (!found) throw errors.badRequest(`no matches for kind "${kind}" in version "${apiVersion}"`);
    if (!metadata?.name || Boolean(metadata.namespace) !== found.namespaced)
      throw errors.badRequest(`a ${kind} is named by metadata.name${found.namespaced ? ' and metadata.namespace' : ' alone'}`);
    return { kind: found, namespace: metadata.namespace };
  }

  #remove(kind, object) {
    if (kind.kind === 'Namespace') return this.namespaces.end(object);
    if (kind.kind === 'CustomResourceDefinition') return this.definitions.end(object);
    this.store.delete(kind, object);
    return this.namespaces.look(object.metadata.namespace);
  }

  /** Prunes, sets defaults, validates; answers warnings. */
  #admit(kind, before, object, query) {
    const { name } = object.metadata;
    if (kind.kind === 'Secret') intoData(kind, name, object);
    if (kind.kind === 'Namespace') this.namespaces.complete(object, before);
    if (!kind.custom) return [];
    const gone = schemas.prune(object, kind.schema);
    const strict = query.get('fieldValidation') ?? 'Warn';
    const unknown = gone.map(it => `unknown field "${it}"`);
    if (gone.length && strict === 'Strict')
      throw errors.badRequest(`${kind.kind} in version "${kind.version}" cannot be handled as a ${kind.kind}: strict decoding error: ${unknown.join(', ')}`);
    schemas.setDefaults(object, kind.schema);
    const causes = schemas.validate(object, kind.schema);
    if (causes.length === 0) schemas.rules(object, kind.schema, '', causes);
    if (causes.length) throw errors.invalid(kind, name, causes);
    return strict === 'Ignore' ? [] : unknown;
  }

  #serveKind(kind, object) {
    if (kind.kind !== 'CustomResourceDefinition' || object.metadata.deletionTimestamp) return;
    this.kinds.define(object);
    object.status ??= {
      acceptedNames: object.spec.names,
      storedVersions: object.spec.versions.filter(it => it.storage).map(it => it.name),
      conditions: ['NamesAccepted', 'Established'].map(type => ({
        type,
        status: 'True',
        reason: 'Accepted',
        message: '',
        lastTransitionTime: object.metadata.creationTimestamp,
      })),
    };
  }
}

function requireNoNewFinalizers(kind, before, after) {
  if (!before.metadata.deletionTimestamp) return;
  const added = (after.metadata.finalizers ?? []).filter(it => !before.metadata.finalizers?.includes(it)).sort();
  const shown = `[]string{${added.map(it => JSON.stringify(it)).join(', ')}}`;
  if (added.length)
    throw errors.invalid(kind, before.metadata.name, [
      {
        reason: 'FieldValueForbidden',
        field: 'metadata.finalizers',
        message: `Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers ${shown}`,
      },
    ]);
}

const isDry = query => query.get('dryRun') === 'All';
const managerOf = ({ query, agent, kind }) => ({
  manager: query.get('fieldManager') ?? ((agent ?? '').split('/')[0] || 'unknown'),
  subresource: kind.subresource,
});

function intoData(kind, name, secret) {
  for (const [key, value] of Object.entries(secret.data ?? {}))
    if (typeof value !== 'string' || Buffer.from(value, 'base64').toString('base64').replace(/=*$/, '') !== value.replace(/\s/g, '').replace(/=*$/, ''))
      throw errors.badRequest(`Secret in version "v1" cannot be handled as a Secret: illegal base64 data in data[${key}]`);
  for (const [key, value] of Object.entries(secret.stringData ?? {})) (secret.data ??= {})[key] = Buffer.from(value).toString('base64');
  delete secret.stringData;
  secret.type ??= 'Opaque';
}

function parse(body) {
  if (body.subarray(0, 4).equals(PROTOBUF)) throw errors.unsupported('application/vnd.kubernetes.protobuf', ['application/json', 'application/yaml']);
  try {
    const text = body.toString();
    return /^\s*[[{]/.test(text) ? JSON.parse(text) : yaml.parse(text);
  } catch (error) {
    throw errors.badRequest(`the object provided is unrecognized: ${error.message}`);
  }
}

module.exports = { Resources };
