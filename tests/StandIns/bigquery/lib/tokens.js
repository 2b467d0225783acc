// @ts-check
'use strict';
// Service accounts and the OAuth 2.0 token endpoint for them: RFC 7523, as
// https://developers.google.com/identity/protocols/oauth2/service-account describes it.
const crypto = require('node:crypto');

const GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const HOUR = 3600; // seconds: the longest life of an assertion, and an access token's
const SKEW = 300; // seconds that clocks may differ

class Tokens {
  constructor() {
    this.accounts = new Map(); // e-mail -> { publicKey, keyId }
    this.issued = new Map(); // token -> the second at which it expires
  }

  /** A new account; @returns the key file that a client is given. */
  register({ project = 'stand-in', name = 'tester' }, origin) {
    const { publicKey, privateKey } = crypto.generateKeyPairSync('rsa', { modulusLength: 2048 });
    const email = `${name}@${project}.iam.gserviceaccount.com`;
    const keyId = crypto.randomBytes(20).toString('hex');
    this.accounts.set(email, { publicKey, keyId });
    return {
      type: 'service_account',
      project_id: project,
      private_key_id: keyId,
      private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
      client_email: email,
      client_id: String(crypto.randomInt(2 ** 47)),
      auth_uri: `${origin}/auth`,
      token_uri: `${origin}/token`,
      universe_domain: 'googleapis.com',
    };
  }

  /** The answer of the token endpoint: { status, body }. */
  exchange(form, origin) {
    const refuse = (error, description) => ({ status: 400, body: { error, error_description: description } });
    if (form.get('grant_type') !== GRANT) return refuse('unsupported_grant_type', `Invalid grant_type: ${form.get('grant_type') ?? ''}`);
    const jwt = decode(form.get('assertion') ?? '');
    if (jwt === null) return refuse('invalid_grant', 'Invalid JWT: the assertion is no JWT.');
    const account = this.accounts.get(jwt.claims.iss);
    if (account === undefined) return refuse('invalid_grant', 'Invalid grant: account not found');
    if (!signed(jwt, account)) return refuse('invalid_grant', 'Invalid JWT Signature.');
    const now = Date.now() / 1000;
    if (!(jwt.claims.exp > now - SKEW) || !(jwt.claims.iat < now + SKEW) || jwt.claims.exp - jwt.claims.iat > HOUR)
      return refuse(
        'invalid_grant',
        'Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT claim.',
      );
    // Google's client for .NET always names Google's own endpoint, whatever token_uri says.
    if (![`${origin}/token`, 'https://oauth2.googleapis.com/token'].includes(jwt.claims.aud))
      return refuse('invalid_grant', `Invalid JWT: Failed audience check. ${jwt.claims.aud}`);
    if (!jwt.claims.scope) return refuse('invalid_scope', 'Invalid OAuth scope or ID token audience provided.');
    const token = `ya29.${crypto.randomBytes(32).toString('base64url')}`;
    this.issued.set(token, now + HOUR);
    return { status: 200, body: { access_token: token, expires_in: HOUR - 1, token_type: 'Bearer' } };
  }

  /** True for a token of ours, and for an assertion that an account signed itself. */
  accepts(authorization) {
    const [, token] = /^Bearer (.+)$/i.exec(authorization ?? '') ?? [];
    if (token === undefined) return false;
    const now = Date.now() / 1000;
    if (this.issued.get(token) > now) return true;
    const jwt = decode(token);
    if (jwt === null) return false;
    const account = this.accounts.get(jwt.claims.iss);
    return account !== undefined && signed(jwt, account) && jwt.claims.exp > now;
  }
}

function decode(text) {
  const [header, claims, signature, ...more] = text.split('.');
  if (signature === undefined || more.length > 0) return null;
  try {
    const part = it => JSON.parse(Buffer.from(it, 'base64url').toString());
    return { header: part(header), claims: part(claims), data: `${header}.${claims}`, signature: Buffer.from(signature, 'base64url') };
  } catch {
    return null;
  }
}

const signed = (jwt, account) => jwt.header.alg === 'RS256' && crypto.verify('RSA-SHA256', Buffer.from(jwt.data), account.publicKey, jwt.signature);

module.exports = { Tokens };
