package io.wasmrunner.proxy;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.streams.ReadStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request, kept as it passes so that it can be sent again. When it grows beyond the
 * bound, what was kept is forgotten, and it passes as if nothing had been kept. Confined to its
 * loop.
 */
final class RecordedBody {
  private final HttpServerRequest request;
  private final int most;
  private List<Buffer> kept = new ArrayList<>(2);
  private int bytes;
  private boolean overflown;
  private boolean ended;
  private @Nullable View current;

  /**
   * Takes the body over.
   *
   * @param request paused
   * @param most bytes that are kept
   */
  RecordedBody(HttpServerRequest request, int most) {
    this.request = request;
    this.most = most;
    request.handler(this::arrived);
    request.endHandler(this::arrivedWhole);
  }

  /** Whether it can be sent from the start. */
  boolean isWhole() {
    return !overflown;
  }

  /** The body from the start, paused; an earlier view gives nothing more. */
  ReadStream<Buffer> fromStart() {
    pauseClient();
    View view = new View();
    current = view;
    return view;
  }

  /** Takes no more from the client until the next view flows: the reader of this one has gone. */
  void hold() {
    if (current != null) {
      current.pause();
    }
  }

  private void pauseClient() {
    if (!ended) {
      request.pause();
    }
  }

  private void arrived(Buffer piece) {
    View reader = current;
    if (reader == null) {
      return;
    }
    if (!overflown && bytes + piece.length() > most) {
      overflown = true;
      kept = new ArrayList<>(0);
      reader.position = 0;
    }
    if (overflown) {
      reader.deliver(piece);
    } else {
      bytes += piece.length();
      kept.add(piece);
      reader.catchUp();
    }
  }

  private void arrivedWhole(Void end) {
    ended = true;
    if (current != null) {
      current.catchUp();
    }
  }

  private final class View implements ReadStream<Buffer> {
    private int position;
    private boolean flowing;
    private boolean over;
    private @Nullable Handler<Buffer> handler;
    private @Nullable Handler<Void> endHandler;

    private void catchUp() {
      while (flowing && current == this && position < kept.size()) {
        deliver(kept.get(position++));
      }
      if (flowing && current == this && position == kept.size() && ended && !over) {
        over = true;
        if (endHandler != null) {
          endHandler.handle(null);
        }
      }
    }

    private void deliver(Buffer piece) {
      if (handler != null) {
        handler.handle(piece);
      }
    }

    @Override
    public ReadStream<Buffer> pause() {
      flowing = false;
      if (current == this) {
        pauseClient();
      }
      return this;
    }

    @Override
    public ReadStream<Buffer> resume() {
      flowing = true;
      catchUp();
      if (flowing && current == this && !ended) {
        request.resume();
      }
      return this;
    }

    @Override
    public ReadStream<Buffer> fetch(long amount) {
      return resume();
    }

    @Override
    public ReadStream<Buffer> handler(@Nullable Handler<Buffer> to) {
      handler = to;
      return this;
    }

    @Override
    public ReadStream<Buffer> endHandler(@Nullable Handler<Void> to) {
      endHandler = to;
      return this;
    }

    @Override
    public ReadStream<Buffer> exceptionHandler(@Nullable Handler<Throwable> to) {
      return this; // Whoever owns the exchange hears of it elsewhere.
    }
  }
}
