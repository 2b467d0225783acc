// @ts-check
'use strict';
// Calls out to the webhooks of ValidatingWebhookConfigurations.
const https = require('node:https');
const http = require('node:http');
const { randomUUID } = require('node:crypto');
const { ApiError } = require('./errors');

const CONFIGURATIONS = { group: 'admissionregistration.k8s.io', version: 'v1', plural: 'validatingwebhookconfigurations', namespaced: false };
const matches = (list, value) => (list ?? []).some(it => it === '*' || it === value);

class Admission {
  /** @param {import('./store').Store} store @param {Map<string, string>} services NAMESPACE/NAME -> where it is found */
  constructor(store, services) {
    this.store = store;
    this.services = services;
  }

  /** Warnings of all webhooks; throws what one of them refuses. */
  async review({ kind, operation, namespace, name, object = undefined, oldObject = undefined, user, dryRun }) {
    const warnings = [];
    for (const configuration of this.store.list(CONFIGURATIONS))
      for (const webhook of configuration.webhooks ?? [])
        if (
          (webhook.rules ?? []).some(
            rule =>
              matches(rule.operations, operation) &&
              matches(rule.apiGroups, kind.group) &&
              matches(rule.apiVersions, kind.version) &&
              matches(rule.resources, kind.subresource ? `${kind.plural}/${kind.subresource}` : kind.plural),
          )
        )
          warnings.push(...(await this.#call(webhook, { kind, operation, namespace, name, object, oldObject, user, dryRun })));
    return warnings;
  }

  async #call(webhook, request) {
    const uid = randomUUID();
    const { kind } = request;
    const review = {
      apiVersion: 'admission.k8s.io/v1',
      kind: 'AdmissionReview',
      request: {
        uid,
        kind: { group: kind.group, version: kind.version, kind: kind.kind },
        resource: { group: kind.group, version: kind.version, resource: kind.plural },
        ...(kind.subresource && { subResource: kind.subresource }),
        name: request.name,
        namespace: request.namespace,
        operation: request.operation,
        userInfo: { username: request.user.name, groups: request.user.groups },
        object: request.object ?? null,
        oldObject: request.oldObject ?? null,
        dryRun: request.dryRun,
        options: null,
      },
    };
    let response;
    try {
      response = (await post(this.#address(webhook.clientConfig), webhook, review)).response;
      if (response?.uid !== uid) throw new Error(`expected response.uid="${uid}", got "${response?.uid}"`);
    } catch (error) {
      if (webhook.failurePolicy === 'Ignore') return [];
      throw new ApiError(500, 'InternalError', `Internal error occurred: failed calling webhook "${webhook.name}": ${error.message}`);
    }
    if (response.allowed) return response.warnings ?? [];
    const status = response.status ?? {};
    const error = new ApiError(
      status.code >= 400 ? status.code : 403,
      status.reason ?? 'Forbidden',
      `admission webhook "${webhook.name}" denied the request: ${status.message ?? 'without explanation'}`,
      status.details,
    );
    error.warnings = response.warnings ?? [];
    throw error;
  }

  #address({ url, service }) {
    if (url) return new URL(url);
    const base = this.services.get(`${service.namespace}/${service.name}`);
    if (!base) throw new Error(`no endpoints available for service "${service.name}"`);
    return new URL(service.path ?? '/', base);
  }
}

const serverName = ({ name, namespace }) => `${name}.${namespace}.svc`;

function post(address, webhook, review) {
  const body = JSON.stringify(review);
  const { service } = webhook.clientConfig;
  // The query, the Host and these headers are those that kube-apiserver 1.32 sent to a webhook.
  address.searchParams.set('timeout', `${webhook.timeoutSeconds ?? 10}s`);
  return new Promise((resolve, reject) => {
    const request = (address.protocol === 'https:' ? https : http).request(
      address,
      {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
          accept: 'application/json, */*',
          'user-agent': 'kube-apiserver-admission',
          ...(service && { host: `${serverName(service)}:${service.port ?? 443}` }),
        },
        agent: false,
        // The API server names the Service, wherever it is found, in SNI and Host, and verifies that name: seen on kube-apiserver 1.32
        // (kubernetes, pkg/util/webhook, ClientManager.HookClient).
        ...(service && { servername: serverName(service) }),
        ...(webhook.clientConfig.caBundle && { ca: Buffer.from(webhook.clientConfig.caBundle, 'base64') }),
        timeout: (webhook.timeoutSeconds ?? 10) * 1000,
      },
      response => {
        const chunks = [];
        response
          .on('data', chunk => chunks.push(chunk))
          .on('end', () => {
            const text = Buffer.concat(chunks).toString();
            if (response.statusCode !== 200) return reject(new Error(`the server answered ${response.statusCode}: ${text}`));
            try {
              return resolve(JSON.parse(text));
            } catch (error) {
              return reject(error);
            }
          });
      },
    );
    request
      .on('timeout', () => request.destroy(new Error('context deadline exceeded')))
      .on('error', reject)
      .end(body);
  });
}

module.exports = { Admission };
