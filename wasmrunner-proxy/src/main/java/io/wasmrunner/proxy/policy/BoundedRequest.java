package io.wasmrunner.proxy.policy;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.http.HttpServerRequestInternal;
import io.vertx.core.internal.http.HttpServerRequestWrapper;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A request whose body is counted and shown to somebody as it passes. */
final class BoundedRequest extends HttpServerRequestWrapper {
  private final long most;
  private final Runnable exceeded;
  private final Consumer<Buffer> watcher;
  private final Runnable ended;
  private long count;

  /**
   * Makes one.
   *
   * @param most bytes, 0 for any number
   * @param exceeded runs once when there are more; that piece and those after it are dropped
   * @param watcher sees every piece
   * @param ended runs at the end, before the reader hears of it
   */
  BoundedRequest(
      HttpServerRequest request,
      long most,
      Runnable exceeded,
      Consumer<Buffer> watcher,
      Runnable ended) {
    super((HttpServerRequestInternal) request);
    this.most = most;
    this.exceeded = exceeded;
    this.watcher = watcher;
    this.ended = ended;
  }

  @Override
  public HttpServerRequest handler(@Nullable Handler<Buffer> handler) {
    delegate.handler(handler == null ? null : piece -> pass(piece, handler));
    return this;
  }

  @Override
  public HttpServerRequest endHandler(@Nullable Handler<Void> handler) {
    delegate.endHandler(
        end -> {
          ended.run();
          if (handler != null) {
            handler.handle(null);
          }
        });
    return this;
  }

  private void pass(Buffer piece, Handler<Buffer> handler) {
    boolean within = most == 0 || count <= most;
    count += piece.length();
    if (most > 0 && count > most) {
      if (within) {
        exceeded.run();
      }
      return;
    }
    watcher.accept(piece);
    handler.handle(piece);
  }
}
