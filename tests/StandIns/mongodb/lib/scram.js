// @ts-check
'use strict';
// The server's side of SCRAM-SHA-256 (RFC 5802, RFC 7677), one conversation per object.
const crypto = require('node:crypto');

const Iterations = 15000;
const hmac = (key, text) => crypto.createHmac('sha256', key).update(text).digest();
const sha256 = bytes => crypto.createHash('sha256').update(bytes).digest();

/** What a server keeps of a password. NFKC stands for SASLprep: they agree on all but control and unassigned characters. */
function credentials(password) {
  const salt = crypto.randomBytes(28);
  const salted = crypto.pbkdf2Sync(password.normalize('NFKC'), salt, Iterations, 32, 'sha256');
  return { salt, storedKey: sha256(hmac(salted, 'Client Key')), serverKey: hmac(salted, 'Server Key') };
}

class ScramConversation {
  /** `findUser(name)`: the user with `credentials`, or undefined. */
  constructor(id, findUser, skipEmptyExchange) {
    this.id = id;
    this.findUser = findUser;
    this.skipEmptyExchange = skipEmptyExchange;
    this.step = this.first;
    this.user = undefined;
    this.done = false;
  }

  /** The server's next message; undefined = refused. */
  next(payload) {
    return this.step(payload.toString('utf8'));
  }

  first(message) {
    const [, name, nonce] = /^n,(?:a=[^,]*)?,n=([^,]*),r=([^,]+)/.exec(message) ?? [];
    this.candidate = name === undefined ? undefined : this.findUser(name.replace(/=2C/g, ',').replace(/=3D/g, '='));
    if (this.candidate === undefined) return undefined;
    this.nonce = nonce + crypto.randomBytes(24).toString('base64');
    this.clientFirst = message.slice(message.indexOf(',', message.indexOf(',') + 1) + 1);
    this.serverFirst = `r=${this.nonce},s=${this.candidate.credentials.salt.toString('base64')},i=${Iterations}`;
    this.step = this.final;
    return this.serverFirst;
  }

  final(message) {
    const [, withoutProof, nonce, proof] = /^(c=[^,]*,r=([^,]*)),p=(.*)$/.exec(message) ?? [];
    if (nonce !== this.nonce) return undefined;
    const text = `${this.clientFirst},${this.serverFirst},${withoutProof}`;
    const { storedKey, serverKey } = this.candidate.credentials;
    const signature = hmac(storedKey, text);
    const sent = Buffer.from(proof, 'base64');
    if (sent.length !== signature.length) return undefined;
    const clientKey = signature.map((byte, i) => byte ^ sent[i]);
    if (!crypto.timingSafeEqual(sha256(clientKey), storedKey)) return undefined;
    this.user = this.candidate;
    this.done = this.skipEmptyExchange;
    this.step = this.empty;
    return `v=${hmac(serverKey, text).toString('base64')}`;
  }

  empty() {
    this.done = true;
    return '';
  }
}

module.exports = { credentials, ScramConversation };
