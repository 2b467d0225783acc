// @ts-check
'use strict';
// MongoDB's wire protocol: OP_MSG, the legacy OP_QUERY of a first hello, and OP_COMPRESSED with zlib.
const zlib = require('node:zlib');
const { asDocument, field, items, validate, MalformedBson } = require('./raw');
const { CommandError } = require('./errors');

const OpReply = 1;
const OpQuery = 2004;
const OpCompressed = 2012;
const OpMsg = 2013;
const Zlib = 2;
const HeaderBytes = 16;
const ChecksumPresent = 1;
const MoreToCome = 2;
const MaxMessageBytes = 48_000_000;
const MaxInternalDocumentBytes = 16 * 1024 * 1024 + 16 * 1024;

/** @typedef {import('./raw').Value} Value */

/** One request: its body, and document sequences by name. */
class Command {
  /** @param {Value} body @param {Map<string, Value[]>} sequences @param {string} [db] */
  constructor(body, sequences, db) {
    this.body = body;
    this.sequences = sequences;
    this.name = body.buf.utf8Slice(body.start + 5, body.buf.indexOf(0, body.start + 5));
    this.db = db ?? this.get('$db')?.text();
  }

  get(name) {
    return field(this.body, name);
  }

  /** A plain JavaScript value, or `otherwise` where the field is missing. */
  plain(name, otherwise = undefined) {
    return this.get(name)?.toPlain() ?? otherwise;
  }

  /** Documents that came as a sequence or as an array in the body. */
  documents(name) {
    const array = this.get(name);
    return this.sequences.get(name) ?? (array?.isArray ? items(array) : []);
  }

  get collection() {
    const value = this.get(this.name);
    return value?.type === 2 ? value.text() : undefined;
  }
}

/** The request in one whole message: `{requestId, legacy, compressed, silent, command}`. */
function parseRequest(message) {
  const requestId = message.readInt32LE(4);
  let opCode = message.readInt32LE(12);
  let body = message.subarray(HeaderBytes);
  const compressed = opCode === OpCompressed;
  if (compressed) {
    if (body[8] !== Zlib) throw new MalformedBson(`compressor ${body[8]} was not negotiated`);
    opCode = body.readInt32LE(0);
    body = zlib.inflateSync(body.subarray(9));
  }
  if (opCode === OpMsg) return { requestId, compressed, legacy: false, ...parseMsg(body) };
  if (opCode === OpQuery) return { requestId, compressed, legacy: true, silent: false, command: parseQuery(body) };
  throw new MalformedBson(`operation ${opCode} is not supported`);
}

function parseMsg(body) {
  const flags = body.readUInt32LE(0);
  if ((flags & 0xffff & ~(ChecksumPresent | MoreToCome)) !== 0) throw new MalformedBson(`unknown required flag bits: ${flags}`);
  const end = body.length - (flags & ChecksumPresent ? 4 : 0);
  const sequences = new Map();
  let main;
  for (let at = 4; at < end;) {
    const kind = body[at++];
    const size = body.readInt32LE(at);
    if (kind === 0) {
      main = documentAt(body, at);
    } else if (kind === 1) {
      const nameEnd = body.indexOf(0, at + 4);
      const documents = [];
      for (let inner = nameEnd + 1; inner < at + size;) {
        const doc = documentAt(body, inner);
        documents.push(doc);
        inner = doc.end;
      }
      sequences.set(body.utf8Slice(at + 4, nameEnd), documents);
    } else {
      throw new MalformedBson(`unknown section kind ${kind}`);
    }
    at += size;
  }
  if (main === undefined) throw new MalformedBson('an OP_MSG needs a section of kind 0');
  return { silent: (flags & MoreToCome) !== 0, command: new Command(main, sequences) };
}

function parseQuery(body) {
  const nameEnd = body.indexOf(0, 4);
  const name = body.utf8Slice(4, nameEnd);
  const query = documentAt(body, nameEnd + 1 + 8);
  return new Command(field(query, '$query') ?? query, new Map(), name.split('.')[0]);
}

function documentAt(body, at) {
  const size = body.readInt32LE(at);
  if (size < 5 || at + size > body.length) throw new MalformedBson('a document runs over the end of its message');
  if (size > MaxInternalDocumentBytes)
    throw new CommandError(
      10334,
      `BSONObj size: ${size} (0x${size.toString(16).toUpperCase()}) is invalid. ` + `Size must be between 0 and ${MaxInternalDocumentBytes}(16MB)`,
    );
  validate(body, at, at + size);
  return asDocument(body, at, at + size);
}

let lastRequestId = 0;

/** The bytes of an answer in the form of its request. */
function formatReply(request, doc) {
  const body = request.legacy
    ? Buffer.concat([int32s(8, 0, 0, 0, 1), doc.bytes]) // flags (AwaitCapable), cursor id, starting from, number returned
    : Buffer.concat([int32s(0), Buffer.from([0]), doc.bytes]); // flags, section of kind 0
  const opCode = request.legacy ? OpReply : OpMsg;
  if (!request.compressed) return frame(request, opCode, body);
  return frame(request, OpCompressed, Buffer.concat([int32s(opCode, body.length), Buffer.from([Zlib]), zlib.deflateSync(body)]));
}

const frame = (request, opCode, body) => Buffer.concat([int32s(HeaderBytes + body.length, ++lastRequestId, request.requestId, opCode), body]);

function int32s(...numbers) {
  const buf = Buffer.allocUnsafe(4 * numbers.length);
  numbers.forEach((number, i) => buf.writeInt32LE(number, 4 * i));
  return buf;
}

module.exports = { Command, parseRequest, formatReply, HeaderBytes, MaxMessageBytes };
