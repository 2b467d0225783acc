// @ts-check
'use strict';
// Who a request comes from: bearer tokens out of a file that is read again when it changes, client certificates by their subject.
const fs = require('node:fs');
const { unauthorized } = require('./errors');

class Users {
  constructor(file) {
    this.file = file;
    this.readAt = -1;
    this.tokens = new Map();
  }

  of(request) {
    const certificate = request.socket.getPeerCertificate?.();
    if (certificate?.subject && request.socket.authorized) return { name: certificate.subject.CN, groups: [].concat(certificate.subject.O ?? []) };
    if (!this.file) return { name: 'admin', groups: ['system:masters'] };
    const changed = fs.statSync(this.file).mtimeMs;
    if (changed !== this.readAt) this.#read(changed);
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
    const user = this.tokens.get(token);
    if (!user) throw unauthorized();
    return user;
  }

  #read(changed) {
    this.readAt = changed;
    this.tokens = new Map(
      fs
        .readFileSync(this.file, 'utf8')
        .split('\n')
        .filter(line => line)
        .map(line => {
          const [token, name, groups = ''] = line.split(',');
          return [token, { name, groups: ['system:authenticated', ...groups.split('|').filter(it => it)] }];
        }),
    );
  }
}

module.exports = { Users };
