/**
 * TensorBoard's event files, as far as scalars and hyper-parameters need them. Layers, outermost first:
 *   TFRecord   length as u64, masked crc32c of the length, data, masked crc32c of the data
 *   (tensorflow/core/lib/io/record_writer.h)
 *   Event      1 wall_time double, 2 step, 3 file_version, 5 summary, 7 session_log
 *   (tensorflow/core/util/event.proto)
 *   Summary    1 value: 1 tag, 2 simple_value float, 8 tensor, 9 metadata
 *   (tensorflow/core/framework/summary.proto)
 *   HParams    session_start_info with the settings, session_end_info
 *   (tensorboard/plugins/hparams/plugin_data.proto)
 */

/** crc32c, Castagnoli's polynomial, reflected. */
const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  return crc;
});

/** CRC-32C of bytes (RFC 3720), as an unsigned number. */
export function crc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = TABLE[(crc ^ byte) & 255] ^ (crc >>> 8);
  return ~crc >>> 0;
}

/**
 * A file whose data are checksums themselves would confuse a plain checksum, so TensorFlow turns and shifts
 * it.
 */
function masked(bytes: Uint8Array): Buffer {
  const crc = crc32c(bytes),
    mask = Buffer.alloc(4);
  mask.writeUInt32LE((((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0);
  return mask;
}

function record(data: Uint8Array): Buffer {
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(data.length));
  return Buffer.concat([length, masked(length), data, masked(data)]);
}

// Protocol buffers: a field is its number and wire type (0 varint, 1 eight bytes, 2 length and bytes, 5 four
// bytes), then its value.
function varint(value: number): Buffer {
  const bytes: number[] = [];
  for (; value >= 128; value = Math.floor(value / 128)) bytes.push((value % 128) | 128);
  return Buffer.from([...bytes, value]);
}
const whole = (field: number, value: number) => Buffer.concat([varint(field * 8), varint(value)]);
const bytes = (field: number, ...parts: readonly Uint8Array[]) => {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return Buffer.concat([varint(field * 8 + 2), varint(length), ...parts]);
};
const text = (field: number, value: string) => bytes(field, Buffer.from(value));
function double(field: number, value: number): Buffer {
  const data = Buffer.alloc(9);
  data[0] = field * 8 + 1;
  data.writeDoubleLE(value, 1);
  return data;
}
function float(field: number, value: number): Buffer {
  const data = Buffer.alloc(5);
  data[0] = field * 8 + 5;
  data.writeFloatLE(value, 1);
  return data;
}

const event = (seconds: number, step: number, ...parts: readonly Buffer[]) =>
  record(Buffer.concat([double(1, seconds), whole(2, step), ...parts]));

/**
 * How a file begins. A reader forgets what it has of earlier files from `step` on, since a run that goes on
 * from a checkpoint repeats the steps after it.
 * @param seconds since 1970
 */
export function header(seconds: number, step: number): Buffer {
  const start = whole(1, 1); // SessionLog.status = START
  return Buffer.concat([event(seconds, 0, text(3, "brain.Event:2")), event(seconds, step, bytes(7, start))]);
}

/** Numbers of one step, as one event. */
export function scalars(seconds: number, step: number, values: Readonly<Record<string, number>>): Buffer {
  return event(
    seconds,
    step,
    bytes(5, ...Object.entries(values).map(([tag, value]) => bytes(1, text(1, tag), float(2, value)))),
  );
}

/** The plugin reads metadata alone, but wants a tensor beside it: an empty one, [0], of floats. */
function hparams(seconds: number, tag: string, info: Buffer): Buffer {
  const empty = Buffer.concat([whole(1, 1), bytes(2, bytes(2, whole(1, 0)))]);
  const plugin = bytes(1, text(1, "hparams"), bytes(2, whole(1, 0), info)); // version 0
  return event(
    seconds,
    0,
    bytes(5, bytes(1, text(1, `_hparams_/${tag}`), bytes(8, empty), bytes(9, plugin))),
  );
}

export type Setting = string | number | boolean;

function protobufValue(value: Setting): Buffer {
  if (typeof value === "number") return double(2, value);
  return typeof value === "boolean" ? whole(4, value ? 1 : 0) : text(3, value);
}

/** The settings of a run, for the tab HPARAMS. */
export function settingsEvent(seconds: number, settings: Readonly<Record<string, Setting>>): Buffer {
  const entries = Object.entries(settings).map(([name, value]) =>
    bytes(1, text(1, name), bytes(2, protobufValue(value))),
  );
  return hparams(seconds, "session_start_info", bytes(3, ...entries, double(5, seconds)));
}

/** How a run ended, for the tab HPARAMS. */
export function endEvent(seconds: number, succeeded: boolean): Buffer {
  return hparams(seconds, "session_end_info", bytes(4, whole(1, succeeded ? 1 : 2), double(2, seconds)));
}
