// @ts-check
'use strict';
// The official driver does against the stand-in what it does against a server. Run: node --test
const { describe, it, before, after, beforeEach } = require('node:test');
const assert = require('node:assert/strict');
const { spawnSync, execFileSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { MongoBulkWriteError, Long, Decimal128, Double, Int32, BSON } = require('mongodb');
const { Running } = require('./running');

/** An error of the server with that code and, where given, that message (a text or a pattern). */
const code =
  (expected, /** @type {string | RegExp} */ message = '') =>
  error => {
    assert.equal(error.code, expected, error.stack);
    if (message instanceof RegExp) assert.match(error.message, message);
    else if (message !== '') assert.equal(error.message, message);
    return true;
  };

describe('a server with users', () => {
  let server;
  before(async () => {
    server = await Running.start(
      '--user',
      'root',
      '--password',
      'p@ss,=word',
      '--user',
      'writer',
      '--password',
      'w',
      '--grant',
      'find,insert,update,remove,listCollections,listIndexes',
      '--user',
      'blind',
      '--password',
      'b',
      '--grant',
      'find,insert',
    );
  });
  after(() => server.stop());

  it('lets the right password in', async () => {
    const { authInfo } = await server.client('root:p%40ss%2C%3Dword@').db('d').command({ connectionStatus: 1, showPrivileges: true });
    assert.deepEqual(authInfo.authenticatedUsers, [{ user: 'root', db: 'admin' }]);
    assert.ok(authInfo.authenticatedUserPrivileges[0].actions.includes('createIndex'));
  });

  it('refuses a wrong password and an unknown user alike', async () => {
    for (const credentials of ['root:wrong@', 'nobody:w@'])
      await assert.rejects(server.client(credentials).db('d').collection('c').findOne(), code(18, 'Authentication failed.'));
  });

  it('answers only the handshake without authentication', async () => {
    const db = server.client().db('d');
    assert.equal((await db.command({ ping: 1 })).ok, 1);
    assert.deepEqual((await db.command({ connectionStatus: 1 })).authInfo.authenticatedUsers, []);
    await assert.rejects(db.collection('c').findOne(), code(13));
    await assert.rejects(db.listCollections().toArray(), code(13));
  });

  it('keeps a user to the granted actions', async () => {
    const admin = server.client('root:p%40ss%2C%3Dword@').db('d');
    await admin.createCollection('granted');
    const db = server.client('writer:w@').db('d');
    await db.collection('granted').updateOne({ _id: 1 }, { $set: { a: 1 } }, { upsert: true });
    await assert.rejects(db.collection('granted').createIndex({ a: 1 }), code(13, /^not authorized on d to execute command \{ createIndexes: "granted"/));
    await assert.rejects(db.createCollection('other'), code(13));
    const blind = server.client('blind:b@').db('d');
    await assert.rejects(blind.listCollections().toArray(), code(13));
    await assert.rejects(blind.collection('granted').updateOne({}, { $set: { a: 2 } }), code(13));
    assert.deepEqual(await blind.collection('granted').find().toArray(), [{ _id: 1, a: 1 }]);
  });
});

describe('a server without users', () => {
  let server;
  let db;
  let collection;
  before(async () => {
    server = await Running.start();
    db = server.client().db('d');
  });
  beforeEach(async () => {
    await db.dropDatabase();
    collection = db.collection('c');
  });
  after(() => server.stop());

  it('presents itself as the primary of a replica set', async () => {
    const hello = await db.command({ hello: 1 });
    assert.equal(hello.isWritablePrimary, true);
    assert.deepEqual(hello.hosts, [`127.0.0.1:${server.port}`]);
    assert.equal(await server.client('', { replicaSet: 'rs0' }).db('d').collection('c').countDocuments(), 0);
  });

  it('refuses what it does not know', async () => {
    await assert.rejects(db.command({ mapReduce: 'c' }), code(59, "no such command: 'mapReduce'"));
    await assert.rejects(db.command({ ping: 1, nonsense: 1 }), code(40415));
    await assert.rejects(db.command({ find: 'c', filter: { a: { $near: 1 } } }), code(2));
    await assert.rejects(db.command({ create: 'a$b' }), code(73));
    await assert.rejects(collection.find({}, { collation: { locale: 'de' } }).toArray(), code(2));
    await assert.rejects(collection.updateOne({ a: 1 }, { $set: { b: 1 } }, { arrayFilters: [{ 'x.y': 1 }] }), code(40415));
    await assert.rejects(db.createCollection('series', { timeseries: { timeField: 't' } }), code(40415));
  });

  it('creates collections and indexes, and tells conflicts apart', async () => {
    await db.createCollection('c');
    await assert.rejects(db.createCollection('c'), code(48));
    await collection.createIndex({ a: 1, b: 1 }, { unique: true, name: 'identity' });
    const again = await db.command({ createIndexes: 'c', indexes: [{ key: { a: 1, b: 1 }, name: 'identity', unique: true }] });
    assert.equal(again.note, 'all indexes already exist');
    await assert.rejects(
      collection.createIndex({ a: 1, b: 1 }, { unique: true, name: 'other' }),
      code(85, 'Index already exists with a different name: identity'),
    );
    await assert.rejects(collection.createIndex({ a: 1, b: 1 }, { name: 'other' }), code(85));
    await assert.rejects(
      collection.createIndex({ b: 1 }, { name: 'identity' }),
      code(
        86,
        /Requested index: \{ v: 2, key: \{ b: 1 \}, name: "identity" \}, existing index: \{ v: 2, unique: true, key: \{ a: 1, b: 1 \}, name: "identity" \}$/,
      ),
    );
    await assert.rejects(collection.createIndex({ a: 1, b: 1 }, { name: 'identity' }), code(86));
    assert.deepEqual(await collection.indexes(), [
      { v: 2, key: { _id: 1 }, name: '_id_' },
      { v: 2, unique: true, key: { a: 1, b: 1 }, name: 'identity' },
    ]);
    await assert.rejects(db.collection('missing').indexes(), code(26));
    const [described] = await db.listCollections({ name: 'c' }).toArray();
    assert.equal(described.type, 'collection');
    assert.deepEqual(await db.listCollections({}, { nameOnly: true }).toArray(), [{ name: 'c', type: 'collection' }]);
  });

  it('shows the options of a collection and of a TTL index as they were given', async () => {
    const options = { capped: true, size: 1000, validator: { a: { $type: 'string' } }, validationAction: 'warn' };
    await db.createCollection('special', options);
    const [described] = await db.listCollections({ name: 'special' }).toArray();
    assert.deepEqual({ ...described.options }, options);
    await db.collection('special').createIndex({ at: 1 }, { expireAfterSeconds: 60, name: 'old' });
    assert.deepEqual((await db.collection('special').indexes())[1], { v: 2, key: { at: 1 }, name: 'old', expireAfterSeconds: 60 });
  });

  it('does not build a unique index over duplicates', async () => {
    await collection.insertMany([{ a: 1 }, { a: Long.fromNumber(1) }]);
    await assert.rejects(collection.createIndex({ a: 1 }, { unique: true }), code(11000, /^Index build failed: .* dup key: \{ a: 1 \}$/));
    assert.equal((await collection.indexes()).length, 1);
    assert.equal(await collection.countDocuments({ a: 1 }), 2);
  });

  it('says which key is a duplicate', async () => {
    await collection.createIndex({ a: 1, b: 1 }, { unique: true, name: 'identity' });
    await collection.insertOne({ a: 'x', b: 1 });
    await assert.rejects(collection.insertOne({ a: 'x', b: new Double(1) }), {
      code: 11000,
      message: 'E11000 duplicate key error collection: d.c index: identity dup key: { a: "x", b: 1.0 }',
      keyPattern: { a: 1, b: 1 },
      keyValue: { a: 'x', b: 1 },
    });
    // A guarded upsert of a newer document: the guard fails, the insert meets the unique key.
    await collection.insertOne({ a: 'g', b: 2, at: new Date(2000) });
    await assert.rejects(
      collection.replaceOne({ a: 'g', b: 2, at: { $lte: new Date(1000) } }, { a: 'g', b: 2, at: new Date(1000) }, { upsert: true }),
      code(11000),
    );
    assert.deepEqual((await collection.findOne({ a: 'g' })).at, new Date(2000));
  });

  it('goes on after an error in an unordered bulk, and stops in an ordered one', async () => {
    await collection.createIndex({ k: 1 }, { unique: true });
    await collection.insertOne({ k: 0 });
    const operations = [1, 0, 2].map(k => ({ insertOne: { document: { k } } }));
    await assert.rejects(collection.bulkWrite(operations, { ordered: false }), error => {
      assert.ok(error instanceof MongoBulkWriteError);
      assert.deepEqual(
        [error.writeErrors].flat().map(it => [it.index, it.code]),
        [[1, 11000]],
      );
      return true;
    });
    assert.equal(await collection.countDocuments(), 3);
    await assert.rejects(collection.bulkWrite([4, 0, 5].map(k => ({ insertOne: { document: { k } } }))), code(11000));
    assert.equal(await collection.countDocuments(), 4);
  });

  it('counts what upserts, replacements and no-ops did', async () => {
    await collection.createIndex({ k: 1 }, { unique: true });
    const upserts = value =>
      Array.from({ length: 1000 }, (_, k) => ({ replaceOne: { filter: { k }, replacement: { k, value: k < 10 ? value : 0 }, upsert: true } }));
    const first = await collection.bulkWrite(upserts(1), { ordered: false });
    assert.deepEqual([first.upsertedCount, first.matchedCount, first.modifiedCount], [1000, 0, 0]);
    const { _id } = await collection.findOne({ k: 5 });
    const second = await collection.bulkWrite(upserts(2), { ordered: false });
    assert.deepEqual([second.upsertedCount, second.matchedCount, second.modifiedCount], [0, 1000, 10]);
    assert.deepEqual(await collection.findOne({ k: 5 }), { _id, k: 5, value: 2 });
    assert.equal(server.commands.filter(it => it.command === 'update' && it.ops === 1000).length, 2);
  });

  it('updates with operators', async () => {
    const { upsertedId } = await collection.updateOne(
      { a: 1, 'n.x': 2, z: { $gt: 5 }, $and: [{ q: { $eq: 'q' } }] },
      { $set: { b: 2, 'n.y': 3 }, $setOnInsert: { c: 1 }, $inc: { hits: 1 }, $currentDate: { at: true } },
      { upsert: true },
    );
    const { _id, at, ...rest } = await collection.findOne();
    assert.deepEqual(_id, upsertedId);
    assert.ok(at instanceof Date);
    assert.deepEqual(rest, { a: 1, n: { x: 2, y: 3 }, q: 'q', b: 2, c: 1, hits: 1 });
    await collection.updateMany({}, { $inc: { hits: Long.MAX_VALUE.sub(1) }, $unset: { c: '', 'n.x': '' }, $setOnInsert: { never: 1 } });
    const changed = await collection.findOne({}, { promoteLongs: false });
    assert.deepEqual([changed.hits, changed.c, changed.n, changed.never], [Long.MAX_VALUE, undefined, { y: 3 }, undefined]);
    await assert.rejects(collection.updateOne({}, { $set: { _id: 'other' } }), code(66));
    await assert.rejects(collection.updateOne({}, { $bad: { a: 1 } }), code(9));
    await assert.rejects(collection.updateOne({}, { $set: { a: 1 }, $inc: { a: 1 } }), code(40));
    // Manual, "$max": only a greater value is set, in the order of BSON types where they differ, and always where there is no such field.
    await collection.insertOne({ _id: 'max', at: new Date(2000), n: 5 });
    const max = async set => {
      const { modifiedCount } = await collection.updateOne({ _id: 'max' }, { $max: set });
      return [modifiedCount, await collection.findOne({ _id: 'max' }, { projection: { _id: 0 } })];
    };
    assert.deepEqual(await max({ at: new Date(1000), n: 4 }), [0, { at: new Date(2000), n: 5 }]);
    assert.deepEqual(await max({ at: new Date(3000), 'new.x': 1 }), [1, { at: new Date(3000), n: 5, new: { x: 1 } }]);
    assert.deepEqual(await max({ n: 'text' }), [1, { at: new Date(3000), n: 'text', new: { x: 1 } }]);
  });

  it('updates with pipelines', async () => {
    await collection.insertOne({ _id: 1, payload: { b: 1, a: 2 }, at: new Date(1000) });
    const merged = payload => ({ $mergeObjects: ['$$ROOT', { payload: { $literal: payload }, at: new Date(2000) }] });
    const guarded = payload => [{ $replaceWith: { $cond: [{ $eq: ['$payload', { $literal: payload }] }, '$$ROOT', merged(payload)] } }];
    assert.equal((await collection.updateOne({ _id: 1 }, guarded({ b: 1, a: 2 }))).modifiedCount, 0);
    assert.equal((await collection.updateOne({ _id: 1 }, guarded({ a: 2, b: 1 }))).modifiedCount, 1);
    assert.deepEqual(await collection.findOne(), { _id: 1, payload: { a: 2, b: 1 }, at: new Date(2000) });
    const computed = {
      missing: { $ifNull: ['$nothing', 'none'] },
      gone: '$$REMOVE',
      later: { $gt: ['$$NOW', new Date(0)] },
      same: { $and: [{ $not: ['$nothing'] }, { $lt: ['$_id', 3] }] },
    };
    await collection.updateOne({ _id: 2, k: 'x' }, [{ $set: computed }, { $unset: 'k' }], { upsert: true });
    assert.deepEqual(await collection.findOne({ _id: 2 }), { _id: 2, missing: 'none', later: true, same: true });
    await assert.rejects(collection.updateOne({ _id: 1 }, [{ $out: 'x' }]), code(72));
  });

  it('finds with filters, sort, projection and cursors over many batches', async () => {
    await collection.insertMany(Array.from({ length: 5000 }, (_, i) => ({ _id: i, group: i % 3, n: { v: i }, list: [i, -i] })));
    const read = await collection.find({ group: 1, 'n.v': { $gte: 100 } }, { batchSize: 100, sort: { 'n.v': -1 }, projection: { 'n.v': 1, _id: 0 } }).toArray();
    assert.deepEqual(
      read,
      Array.from({ length: 5000 }, (_, i) => i)
        .filter(i => i % 3 === 1 && i >= 100)
        .reverse()
        .map(v => ({ n: { v } })),
    );
    assert.ok(server.commands.filter(it => it.command === 'getMore').length >= 15);
    const either = { $or: [{ _id: { $lt: 2 } }, { _id: { $in: [7, 9] } }], group: { $ne: 1 } };
    assert.deepEqual(await collection.find(either, { skip: 1, limit: 1, projection: { list: 0, n: 0 } }).toArray(), [{ _id: 9, group: 0 }]);
    assert.equal(await collection.countDocuments({ list: -7 }), 1);
    assert.equal(await collection.countDocuments({ list: { $exists: false } }), 0);
    assert.equal(await collection.countDocuments({ _id: { $not: { $gt: 10 } }, nothing: null }), 11);
    assert.deepEqual(await collection.distinct('group', { _id: { $gt: 4000 } }), [0, 1, 2]);
    const groups = [{ $match: { group: { $lte: 1 } } }, { $group: { _id: '$group', top: { $max: '$_id' }, n: { $sum: 1 } } }, { $sort: { _id: 1 } }];
    assert.deepEqual(await collection.aggregate(groups).toArray(), [
      { _id: 0, top: 4998, n: 1667 },
      { _id: 1, top: 4999, n: 1667 },
    ]);
    assert.equal(await collection.estimatedDocumentCount(), 5000);
    const cursor = collection.find({}, { batchSize: 2 });
    await cursor.next();
    await cursor.close();
    // The driver watches the server by hello all the while.
    assert.equal(server.commands.filter(it => it.command !== 'hello').at(-1)?.command, 'killCursors');
    assert.ok(server.commands.some(it => it.operators?.includes('$not')));
  });

  it('creates, reads and changes views, whose conversions give null where a value does not fit', async () => {
    const db = server.client().db(collection.dbName);
    const value = { $getField: { field: { $literal: 'a.$b' }, input: '$p' } };
    const whole = { $convert: { input: '$$v', to: 'long', onError: null, onNull: null } };
    const pipeline = [
      { $match: { kind: 'x', $comment: 'ours' } },
      { $project: { whole: { $let: { vars: { v: value }, in: whole } }, type: { $type: value }, list: { $isArray: value } } },
    ];
    await collection.insertMany([
      { _id: 1, kind: 'x', p: { 'a.$b': '12' } },
      { _id: 2, kind: 'x', p: { 'a.$b': 'twelve' } },
      { _id: 3, kind: 'x', p: { 'a.$b': Long.fromString('9223372036854775807') } },
      { _id: 4, kind: 'x', p: { 'a.$b': [] } },
      { _id: 5, kind: 'x', p: {} },
      { _id: 6, kind: 'y', p: {} },
    ]);
    const name = `${collection.collectionName}_view`;
    const view = await db.createCollection(name, { viewOn: collection.collectionName, pipeline });
    assert.deepEqual(await view.find({}, { promoteLongs: true }).sort({ _id: 1 }).toArray(), [
      { _id: 1, whole: 12, type: 'string', list: false },
      { _id: 2, whole: null, type: 'string', list: false },
      { _id: 3, whole: Long.MAX_VALUE, type: 'long', list: false },
      { _id: 4, whole: null, type: 'array', list: true },
      { _id: 5, whole: null, type: 'missing', list: false },
    ]);
    const [described] = await db.listCollections({ name }).toArray();
    assert.deepEqual([described.type, described.options.viewOn, described.options.pipeline[0].$match.$comment], ['view', collection.collectionName, 'ours']);
    await assert.rejects(db.createCollection(name, { viewOn: collection.collectionName, pipeline }), code(48));
    await db.command({ collMod: name, viewOn: collection.collectionName, pipeline: [{ $match: { kind: 'y' } }, { $project: { _id: 1 } }] });
    assert.deepEqual(await view.find().toArray(), [{ _id: 6 }]);
  });

  it('compares inside one type only', async () => {
    await collection.insertMany([{ _id: 'date', v: new Date(5) }, { _id: 'number', v: 5 }, { _id: 'text', v: '5' }, { _id: 'null', v: null }, { _id: 'none' }]);
    assert.deepEqual(
      (await collection.find({ v: { $lte: new Date(10) } }).toArray()).map(it => it._id),
      ['date'],
    );
    assert.deepEqual(
      (await collection.find({ v: { $lt: 10 } }).toArray()).map(it => it._id),
      ['number'],
    );
    assert.deepEqual(
      (await collection.find({ v: null }).toArray()).map(it => it._id),
      ['null', 'none'],
    );
    assert.deepEqual(
      (await collection.find().sort({ v: 1, _id: 1 }).toArray()).map(it => it._id),
      ['none', 'null', 'number', 'text', 'date'],
    );
  });

  it('deletes one, many and through a prefix of an index', async () => {
    await collection.createIndex({ ns: 1, name: 1 }, { unique: true });
    await collection.insertMany(Array.from({ length: 300 }, (_, i) => ({ ns: `n${i % 3}`, name: `x${i}`, at: new Date(i) })));
    assert.equal((await collection.deleteMany({ ns: 'n1', at: { $lt: new Date(150) } })).deletedCount, 50);
    assert.equal((await collection.deleteOne({ ns: 'n2' })).deletedCount, 1);
    assert.equal((await collection.deleteMany({ ns: 'n1' })).deletedCount, 50);
    assert.equal(await collection.countDocuments(), 199);
    const plan = await collection.find({ ns: 'n1' }).explain();
    assert.equal(plan.queryPlanner.winningPlan.inputStage.indexName, 'ns_1_name_1');
    assert.equal((await collection.insertOne({ ns: 'n1', name: 'x1' })).acknowledged, true);
  });

  it('keeps every number exactly, and compares numbers by value', async () => {
    const digits = '1.234567890123456789012345678901234';
    await collection.insertOne({
      _id: 1,
      long: Long.MAX_VALUE,
      decimal: Decimal128.fromString(digits),
      double: new Double(3),
      int: new Int32(3),
      zero: new Double(-0),
    });
    const raw = await collection.findOne({}, { promoteValues: false });
    assert.deepEqual([raw.long, raw.decimal.toString(), raw.double, raw.int], [Long.MAX_VALUE, digits, new Double(3), new Int32(3)]);
    assert.ok(Object.is(raw.zero.value, -0));
    assert.equal(await collection.countDocuments({ long: Long.MAX_VALUE.sub(1) }), 0);
    assert.equal(await collection.countDocuments({ long: { $lt: 9223372036854775808 } }), 1); // a double, one more than the long
    assert.equal(await collection.countDocuments({ double: Long.fromNumber(3), int: Decimal128.fromString('3.000'), zero: 0 }), 1);
    assert.equal(await collection.countDocuments({ decimal: { $gt: 1.2345678901234567 } }), 1);
  });

  it('keeps field names and their order as they were sent', async () => {
    const payload = { b: 1, a: { 'k8s.io/x': 1, $ref: 2, '': 3, 1: 4 }, list: [{ 'x.y': [] }] };
    const text = JSON.stringify(payload);
    await collection.replaceOne({ _id: 1 }, { payload }, { upsert: true });
    assert.equal(JSON.stringify((await collection.findOne()).payload), text);
    const sent = BSON.serialize({ _id: 2, payload });
    await collection.insertOne({ _id: 2, payload });
    assert.ok(Buffer.from(sent).equals(await collection.findOne({ _id: 2 }, { raw: true })));
  });

  it('refuses documents that are too large or too deep', async () => {
    const client = server.client('', { checkKeys: false });
    const large = { _id: 1, s: 'x'.repeat(16 * 1024 * 1024) };
    await assert.rejects(client.db('d').collection('c').insertOne(large), code(10334));
    await assert.rejects(client.db('d').collection('c').replaceOne({ _id: 1 }, { s: large.s }, { upsert: true }), code(17420));
    /** @type {unknown} */
    let deep = 1;
    for (let i = 0; i < 200; i++) deep = { a: deep };
    await assert.rejects(collection.insertOne({ deep }), code(15));
  });

  it('accepts the write concerns that one member can satisfy', async () => {
    await collection.insertOne({ _id: 1 }, { writeConcern: { w: 'majority', j: true, wtimeoutMS: 1000 } });
    await assert.rejects(collection.insertOne({ _id: 2 }, { writeConcern: { w: 2 } }), code(100));
    await collection.insertOne({ _id: 3 }, { writeConcern: { w: 0 } });
    assert.equal(await collection.countDocuments({ _id: 3 }), 1);
  });

  it('speaks zlib when asked', async () => {
    const squeezed = server
      .client('', { compressors: ['zlib'] })
      .db('d')
      .collection('c');
    await squeezed.insertOne({ _id: 1, s: 'x'.repeat(100_000) });
    assert.equal((await squeezed.findOne()).s.length, 100_000);
    assert.ok(server.commands.findLast(it => it.command === 'insert').bytes < 10_000);
  });
});

describe('faults', () => {
  let server;
  let collection;
  before(async () => {
    server = await Running.start();
  });
  beforeEach(async () => {
    const db = server.client().db('d');
    await db.dropDatabase();
    collection = db.collection('c');
    await collection.insertOne({ _id: 'warm' });
  });
  after(() => server.stop());

  const failOnce = data => ({ configureFailPoint: 'failCommand', mode: { times: 1 }, data });
  const increments = () => collection.updateOne({ _id: 'warm' }, { $inc: { n: 1 } });
  const state = async () => (await collection.findOne({ _id: 'warm' })).n;

  it('failCommand answers an error once', async () => {
    await server.fail(failOnce({ failCommands: ['update'], errorCode: 13 }));
    await assert.rejects(increments(), code(13));
    await increments();
    assert.equal(await state(), 1);
  });

  it('failCommand closes a connection, and the driver retries the write once', async () => {
    await server.fail(failOnce({ failCommands: ['update'], closeConnection: true }));
    await increments();
    assert.equal(await state(), 1);
    assert.deepEqual(
      server.commands
        .filter(it => it.command === 'update')
        .slice(-2)
        .map(it => [it.ok, it.closed]),
      [
        [0, true],
        [1, undefined],
      ],
    );
  });

  it('failCommand adds a write concern error to what was done', async () => {
    await server.fail(failOnce({ failCommands: ['insert'], writeConcernError: { code: 64, errmsg: 'waiting for replication timed out' } }));
    await assert.rejects(collection.insertOne({ _id: 'x' }), code(64));
    assert.equal(await collection.countDocuments({ _id: 'x' }), 1);
    // A retryable code makes the driver repeat a write that was done.
    await server.fail(failOnce({ failCommands: ['update'], writeConcernError: { code: 91, errmsg: 'shutting down' } }));
    await increments();
    assert.equal(await state(), 1);
  });

  it('failCommand blocks a command, and only that', async () => {
    await server.fail(failOnce({ failCommands: ['insert'], blockConnection: true, blockTimeMS: 300 }));
    const started = process.hrtime.bigint();
    const blocked = collection.insertOne({ _id: 'x' }).then(() => process.hrtime.bigint());
    await collection.findOne();
    const found = process.hrtime.bigint();
    assert.ok((await blocked) - started >= 295_000_000n);
    assert.ok(found < (await blocked));
  });

  it('failCommand keeps to one application', async () => {
    await server.fail({ configureFailPoint: 'failCommand', mode: 'alwaysOn', data: { failCommands: ['find'], errorCode: 2, appName: 'ours' } });
    await assert.rejects(server.client('', { appName: 'ours' }).db('d').collection('c').findOne(), code(2));
    assert.ok(await collection.findOne());
    await server.fail({ configureFailPoint: 'failCommand', mode: 'off' });
  });

  it('a write whose answer is lost is retried and done once', async () => {
    await server.fail({ configureFailPoint: 'dropReply', mode: { times: 1 }, data: { failCommands: ['update'] } });
    const result = await increments();
    assert.equal(await state(), 1);
    assert.deepEqual([result.matchedCount, result.modifiedCount], [1, 1]);
    await server.fail({ configureFailPoint: 'dropReply', mode: { times: 1 }, data: { failCommands: ['update'] } });
    const upsert = await collection.updateOne({ _id: 'new' }, { $inc: { n: 1 } }, { upsert: true });
    assert.equal(upsert.upsertedId, 'new');
    assert.equal((await collection.findOne({ _id: 'new' })).n, 1);
  });

  it('drops the connection that crosses a number of bytes, once', async () => {
    await server.fail({ configureFailPoint: 'dropConnectionAfterBytes', mode: 'alwaysOn', data: { bytes: 200_000 } });
    const result = await collection.insertMany(Array.from({ length: 1000 }, (_, i) => ({ _id: i, s: 'x'.repeat(1000) })));
    assert.equal(result.insertedCount, 1000);
    assert.equal(await collection.countDocuments(), 1001);
  });

  it('a primary that steps down refuses writes, and a driver finds it again', async () => {
    await server.fail({ configureFailPoint: 'becomeSecondary', mode: { times: 1 } });
    await increments();
    assert.equal(await state(), 1);
    assert.equal(server.commands.filter(it => it.code === 10107).length, 1);
    await server.fail({ configureFailPoint: 'becomeSecondary', mode: 'alwaysOn' });
    const lost = server.client('', { serverSelectionTimeoutMS: 300 }).db('d').collection('c');
    await assert.rejects(lost.insertOne({}), { name: 'MongoServerSelectionError' });
    await server.fail({ configureFailPoint: 'becomeSecondary', mode: 'off' });
    await increments();
  });
});

describe('a server with TLS', () => {
  const openssl = spawnSync('openssl', ['version']).status === 0;
  it('is reached with its authority, and not without', { skip: openssl ? false : 'the openssl program, which makes the certificate, is missing' }, async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mongodb-tls-'));
    const file = name => path.join(folder, name);
    execFileSync(
      'openssl',
      [
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:prime256v1',
        '-nodes',
        '-days',
        '2',
        '-subj',
        '/CN=127.0.0.1',
        '-addext',
        'subjectAltName=IP:127.0.0.1',
        '-keyout',
        file('key.pem'),
        '-out',
        file('cert.pem'),
      ],
      { stdio: 'ignore' },
    );
    const server = await Running.start('--tls-cert', file('cert.pem'), '--tls-key', file('key.pem'), '--user', 'u', '--password', 'p');
    try {
      const trusting = server.client('u:p@', { tls: true, tlsCAFile: file('cert.pem') });
      assert.equal((await trusting.db('d').collection('c').insertOne({ a: 1 })).acknowledged, true);
      await assert.rejects(server.client('u:p@', { tls: true, serverSelectionTimeoutMS: 500 }).db('d').collection('c').findOne(), /self-signed certificate/);
    } finally {
      await server.stop();
      fs.rmSync(folder, { recursive: true });
    }
  });
});
