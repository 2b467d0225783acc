// Methods of Buffer that Node.js has and does not document. They read a slice without making a Buffer of it first.
interface Buffer {
  utf8Slice(start: number, end: number): string;
  latin1Slice(start: number, end: number): string;
}
