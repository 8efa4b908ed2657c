package io.wasmrunner.eventbus;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageCodec;
import io.wasmrunner.bus.BusMessage;

/** Passes messages by reference within the process and as JSON to other nodes. */
final class BusCodec implements MessageCodec<BusMessage, BusMessage> {
  static final String NAME = "wasmrunner";

  @Override
  public void encodeToWire(Buffer buffer, BusMessage message) {
    byte[] json = WireJson.write(message);
    buffer.appendInt(json.length).appendBytes(json);
  }

  @Override
  public BusMessage decodeFromWire(int position, Buffer buffer) {
    int length = buffer.getInt(position);
    int start = position + Integer.BYTES;
    return WireJson.read(buffer.getBytes(start, start + length));
  }

  @Override
  public BusMessage transform(BusMessage message) {
    return message;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public byte systemCodecID() {
    return -1;
  }
}
