package io.wasmrunner.proxy.policy;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.http.HttpServerRequestInternal;
import io.vertx.core.internal.http.HttpServerRequestWrapper;
import org.jspecify.annotations.Nullable;

/**
 * A request whose body, or its beginning, has been read already and is given again to the next
 * reader. Confined to its event loop.
 */
final class HeldRequest extends HttpServerRequestWrapper {
  private final boolean whole;
  private final Runnable given;
  private @Nullable Buffer held;
  private @Nullable Handler<Buffer> handler;
  private @Nullable Handler<Void> endHandler;
  private boolean paused;
  private boolean ended;

  /**
   * Makes one.
   *
   * @param held what was read
   * @param whole whether that was all; else the request is paused and goes on after it
   * @param given runs when the reader gets it: it is not held here any more
   */
  HeldRequest(HttpServerRequest request, Buffer held, boolean whole, Runnable given) {
    super((HttpServerRequestInternal) request);
    this.held = held;
    this.whole = whole;
    this.given = given;
  }

  /** The client has had leave to send the body: nobody is to ask again. */
  @Override
  public @Nullable String getHeader(CharSequence name) {
    return name.toString().equalsIgnoreCase("expect") ? null : super.getHeader(name);
  }

  @Override
  public @Nullable String getHeader(String name) {
    return name.equalsIgnoreCase("expect") ? null : super.getHeader(name);
  }

  @Override
  public HttpServerRequest handler(@Nullable Handler<Buffer> reader) {
    handler = reader;
    if (!whole) {
      delegate.handler(reader);
    }
    return this;
  }

  @Override
  public HttpServerRequest endHandler(@Nullable Handler<Void> reader) {
    endHandler = reader;
    if (!whole) {
      delegate.endHandler(reader);
    }
    return this;
  }

  @Override
  public HttpServerRequest pause() {
    paused = true;
    if (!whole) {
      delegate.pause();
    }
    return this;
  }

  @Override
  public HttpServerRequest resume() {
    paused = false;
    Buffer first = held;
    if (first != null && handler != null) {
      held = null;
      given.run();
      if (first.length() > 0) {
        handler.handle(first);
      }
    }
    if (paused) {
      return this; // The reader has enough for now.
    }
    if (!whole) {
      delegate.resume();
    } else if (!ended && endHandler != null) {
      ended = true;
      endHandler.handle(null);
    }
    return this;
  }

  @Override
  public HttpServerRequest fetch(long amount) {
    return resume();
  }
}
