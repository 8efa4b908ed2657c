package io.wasmrunner.wasi;

import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;

/**
 * The client's side of one TLS connection whose bytes the guest carries. Works like a connection of
 * rustls: reads and writes only move bytes in and out of four bounded buffers. Errors are negative
 * results, {@link TlsError}. Everything happens on the guest's thread.
 */
final class TlsCodec {
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
  private static final int MAX_ALERTS = 4;
  private static final int WANTS_READ = 1;
  private static final int WANTS_WRITE = 2;

  private final SSLEngine engine;
  private final TlsBuffer received = new TlsBuffer();
  private final TlsBuffer decrypted = new TlsBuffer();
  private final TlsBuffer written = new TlsBuffer();
  private final TlsBuffer encrypted = new TlsBuffer();
  private boolean handshaking = true;
  private boolean closing;
  private boolean closed;
  private boolean peerClosed;
  private boolean inputEnded;
  private int failure;

  /** Starts a handshake; the first message waits to be sent. */
  TlsCodec(SSLEngine engine) throws SSLException {
    this.engine = engine;
    engine.beginHandshake();
    advance();
  }

  boolean handshaking() {
    return handshaking;
  }

  /** Bit 0: ciphertext of the peer is wanted. Bit 1: there is ciphertext to send. */
  int wants() {
    boolean sends = encrypted.size() > 0;
    boolean reads = decrypted.size() == 0 && !peerClosed && failure == 0 && !(handshaking && sends);
    return (reads ? WANTS_READ : 0) | (sends ? WANTS_WRITE : 0);
  }

  int ciphertextToSend() {
    return encrypted.size();
  }

  int plaintextToRead() {
    return decrypted.size();
  }

  boolean peerClosed() {
    return peerClosed;
  }

  /** Works off what was received; 0, or what has gone wrong with the connection. */
  int process() {
    advance();
    return failure;
  }

  /** Takes ciphertext of the peer; none is its end, as of a connection. */
  int receive(GuestMemory memory, int address, int length) {
    if (length == 0) {
      inputEnded = true;
      return 0;
    }
    if (received.room() == 0) {
      advance();
    }
    if (failure != 0 || peerClosed) {
      return length; // of no use any more
    }
    int n = received.add(memory, address, length);
    return n == 0 ? TlsError.IO.code() : n; // the guest has to read plaintext first
  }

  /** Gives ciphertext to be sent. */
  int send(GuestMemory memory, int address, int length) {
    int n = encrypted.take(memory, address, length);
    advance();
    return n;
  }

  /** Takes plaintext, which waits for the end of the handshake; 0 when there is no room. */
  int write(GuestMemory memory, int address, int length) {
    if (failure != 0) {
      return failure;
    }
    if (closing) {
      return TlsError.IO.code();
    }
    int n = written.add(memory, address, length);
    advance();
    return n;
  }

  /** Gives plaintext; 0 is the end that the peer has announced. */
  int read(GuestMemory memory, int address, int length) {
    if (decrypted.size() > 0 || length == 0) {
      int n = decrypted.take(memory, address, length);
      advance();
      return n;
    }
    if (failure != 0) {
      return failure;
    }
    if (peerClosed) {
      return 0;
    }
    return (inputEnded ? TlsError.IO : TlsError.WOULD_BLOCK).code();
  }

  /** Announces our end after what was written. */
  void close() {
    closing = true;
    advance();
  }

  /** Goes on as far as the bytes there are, and the room for others, allow. */
  private void advance() {
    try {
      boolean moved = failure == 0;
      while (moved) {
        moved = step();
      }
    } catch (SSLException | RuntimeException e) { // the latter of what a peer can send, too
      failure = TlsError.of(e).code();
      received.clear();
      written.clear();
      alert();
    }
  }

  private boolean step() throws SSLException {
    switch (engine.getHandshakeStatus()) {
      case NEED_TASK -> {
        for (Runnable task = engine.getDelegatedTask();
            task != null;
            task = engine.getDelegatedTask()) {
          task.run();
        }
        return true;
      }
      case NEED_WRAP -> {
        return wrap(NOTHING);
      }
      case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
        return closeInHandshake() || unwrap();
      }
      default -> {
        return writeOrClose() || unwrap();
      }
    }
  }

  private boolean closeInHandshake() {
    return handshaking && closing && closeOutbound();
  }

  private boolean writeOrClose() throws SSLException {
    if (closed) {
      return false;
    }
    if (written.size() == 0) {
      return closing && closeOutbound();
    }
    boolean moved = wrap(written.readable());
    written.taken();
    return moved;
  }

  private boolean closeOutbound() {
    if (closed) {
      return false;
    }
    closed = true;
    engine.closeOutbound();
    return true;
  }

  private boolean wrap(ByteBuffer plaintext) throws SSLException {
    int record = engine.getSession().getPacketBufferSize();
    if (encrypted.room() < record) {
      return false;
    }
    return moved(engine.wrap(plaintext, encrypted.writable(record)));
  }

  private boolean unwrap() throws SSLException {
    int record = engine.getSession().getApplicationBufferSize();
    if (received.size() == 0 || decrypted.room() < record || peerClosed) {
      return false;
    }
    ByteBuffer ciphertext = received.readable();
    try {
      SSLEngineResult result = engine.unwrap(ciphertext, decrypted.writable(record));
      peerClosed = result.getStatus() == Status.CLOSED;
      return moved(result);
    } finally {
      received.taken();
    }
  }

  private boolean moved(SSLEngineResult result) {
    HandshakeStatus status = result.getHandshakeStatus();
    if (status == HandshakeStatus.FINISHED
        || (status == HandshakeStatus.NOT_HANDSHAKING && result.getStatus() == Status.OK)) {
      handshaking = false;
    }
    return result.bytesConsumed() > 0
        || result.bytesProduced() > 0
        || status == HandshakeStatus.NEED_TASK;
  }

  /** The peer is to be told what is wrong, as far as that goes. */
  private void alert() {
    try {
      for (int i = 0; i < MAX_ALERTS; i++) {
        if (engine.getHandshakeStatus() != HandshakeStatus.NEED_WRAP || !wrap(NOTHING)) {
          return;
        }
      }
    } catch (SSLException | RuntimeException e) {
      engine.closeOutbound(); // what was wrong is known already
    }
  }
}
