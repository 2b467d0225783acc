// @ts-check
'use strict';
// Commands that a driver sends before any work: hello, authentication, and what tells it about the server and the user.
const { BSON } = require('bson');
const { field, items, encode } = require('../raw');
const { CommandError } = require('../errors');
const { ScramConversation } = require('../scram');

const open = { open: true }; // allowed before authentication

function hello(context, command) {
  const { server, connection } = context;
  const legacy = command.name !== 'hello';
  const client = command.get('client');
  const application = client && field(client, 'application');
  if (client !== undefined) connection.appName = application && field(application, 'name')?.text();
  const primary = !server.failPoints.isSecondary;
  const me = server.address;
  /** @type {Record<string, any>} */
  const answer = {
    ...(command.get('helloOk') === undefined ? {} : { helloOk: true }),
    [legacy ? 'ismaster' : 'isWritablePrimary']: primary,
    ...(server.replicaSet === ''
      ? {}
      : {
          hosts: [me, ...server.members],
          setName: server.replicaSet,
          setVersion: 1,
          secondary: !primary,
          ...(primary ? { primary: me, electionId: server.electionId } : {}),
          me,
          lastWrite: {
            opTime: { ts: server.timestamp(), t: 1n },
            lastWriteDate: new Date(),
            majorityOpTime: { ts: server.timestamp(), t: 1n },
            majorityWriteDate: new Date(),
          },
        }),
    maxBsonObjectSize: 16 * 1024 * 1024,
    maxMessageSizeBytes: 48_000_000,
    maxWriteBatchSize: 100_000,
    localTime: new Date(),
    logicalSessionTimeoutMinutes: 30,
    connectionId: connection.id,
    minWireVersion: 0,
    maxWireVersion: 21,
    readOnly: false,
  };
  const offered = command.plain('compression', []);
  if (offered.includes('zlib')) answer.compression = ['zlib'];
  const asked = command.get('saslSupportedMechs');
  if (asked !== undefined && server.findUser(asked.text().replace(/^[^.]*\./, '')) !== undefined) answer.saslSupportedMechs = ['SCRAM-SHA-256'];
  const speculative = command.get('speculativeAuthenticate');
  if (speculative !== undefined) {
    // A refusal is not said here: the driver then begins again with saslStart.
    const first = start(context, name => field(speculative, name));
    if (first !== undefined) answer.speculativeAuthenticate = first;
  }
  return { ...answer, ok: 1.0 };
}

/** Begins a conversation; undefined = refused. `get(name)` reads the arguments of saslStart. */
function start({ server, connection }, get) {
  if (get('mechanism')?.text() !== 'SCRAM-SHA-256') return undefined;
  const skip = get('options') !== undefined && field(get('options'), 'skipEmptyExchange')?.toPlain() === true;
  connection.conversation = new ScramConversation(1, name => server.findUser(name), skip);
  return advance(connection, get('payload'));
}

function advance(connection, payload) {
  const { conversation } = connection;
  const answer = conversation.next(payload.buf.subarray(payload.start + 5, payload.end));
  if (answer === undefined) {
    connection.conversation = undefined;
    return undefined;
  }
  if (conversation.user !== undefined) connection.user = conversation.user;
  return { conversationId: conversation.id, done: conversation.done, payload: new BSON.Binary(Buffer.from(answer)) };
}

const refused = () => new CommandError(18, 'Authentication failed.');

function saslStart(context, command) {
  const mechanism = command.get('mechanism')?.text();
  if (mechanism !== 'SCRAM-SHA-256') throw new CommandError(334, `Received authentication for mechanism ${mechanism} which is not enabled`);
  const answer = start(context, name => command.get(name));
  if (answer === undefined) throw refused();
  return { ...answer, ok: 1.0 };
}

function saslContinue({ connection }, command) {
  if (connection.conversation === undefined) throw new CommandError(17, 'No SASL session state found');
  const answer = advance(connection, command.get('payload'));
  if (answer === undefined) throw refused();
  return { ...answer, ok: 1.0 };
}

function connectionStatus({ connection, server }, command) {
  const { user } = connection;
  const authInfo = {
    authenticatedUsers: user ? [{ user: user.name, db: 'admin' }] : [],
    authenticatedUserRoles: user ? [{ role: user.actions ? 'granted' : 'root', db: 'admin' }] : [],
  };
  // A resource of two empty names is every database and every collection (manual, "Resource Document").
  if (command.plain('showPrivileges', false))
    authInfo.authenticatedUserPrivileges = user ? [{ resource: { db: '', collection: '' }, actions: user.actions ? [...user.actions] : server.actions }] : [];
  return { authInfo, ok: 1.0 };
}

function endSessions({ server }, command) {
  server.sessions.end(items(command.get('endSessions')));
  return { ok: 1.0 };
}

const buildInfo = () => ({
  version: '7.0.0',
  gitVersion: 'none: an in-memory stand-in',
  versionArray: [7, 0, 0, 0],
  modules: [],
  bits: 64,
  debug: false,
  maxBsonObjectSize: 16 * 1024 * 1024,
  storageEngines: ['ephemeral'],
  ok: 1.0,
});

function configureFailPoint({ server }, command) {
  if (command.db !== 'admin') throw new CommandError(13, 'configureFailPoint may only be run against the admin database.');
  server.failPoints.configure(command.plain('configureFailPoint'), command.plain('mode'), command.plain('data'));
  return { ok: 1.0 };
}

// backpressure: driver specification "MongoDB Handshake"; a server without a use for it ignores it (MongoDB's tracker, RUBY-3974).
const helloFields = [
  'helloOk',
  'client',
  'compression',
  'saslSupportedMechs',
  'speculativeAuthenticate',
  'topologyVersion',
  'maxAwaitTimeMS',
  'loadBalanced',
  'backpressure',
];
const saslFields = ['mechanism', 'payload', 'options', 'conversationId', 'autoAuthorize', 'digestPassword', 'db'];

module.exports = {
  hello: { ...open, fields: helloFields, run: hello },
  isMaster: { ...open, fields: helloFields, run: hello },
  ismaster: { ...open, fields: helloFields, run: hello },
  saslStart: { ...open, fields: saslFields, run: saslStart },
  saslContinue: { ...open, fields: saslFields, run: saslContinue },
  ping: { ...open, fields: [], run: () => ({ ok: 1.0 }) },
  buildInfo: { ...open, fields: [], run: buildInfo },
  buildinfo: { ...open, fields: [], run: buildInfo },
  configureFailPoint: { ...open, fields: ['mode', 'data'], run: configureFailPoint },
  connectionStatus: { ...open, fields: ['showPrivileges'], run: connectionStatus },
  logout: {
    ...open,
    fields: [],
    run: ({ connection }) => {
      connection.user = undefined;
      return { ok: 1.0 };
    },
  },
  endSessions: { fields: [], run: endSessions },
  refreshSessions: { fields: [], run: () => ({ ok: 1.0 }) },
  startSession: { fields: [], run: () => ({ id: encode({ id: new BSON.UUID() }), timeoutMinutes: 30, ok: 1.0 }) },
};
