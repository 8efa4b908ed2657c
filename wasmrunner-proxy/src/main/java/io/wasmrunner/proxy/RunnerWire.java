package io.wasmrunner.proxy;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.http.HttpClientConnection;
import io.vertx.core.http.impl.UnpooledHttpClientConnection;
import io.vertx.core.net.impl.ConnectionBase;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does on a connection to a runner what Vert.x's client does not: hears interim answers (it takes
 * an unknown one for the answer itself), and sends trailers. Confined to its event loop.
 */
final class RunnerWire extends ChannelDuplexHandler {
  private static final Logger LOG = LoggerFactory.getLogger(RunnerWire.class);
  private static final int CONTINUE = 100;
  private static final int SWITCHING_PROTOCOLS = 101;
  private static final @Nullable VarHandle ACTUAL = actual();

  private @Nullable Interim listener;
  private @Nullable HttpHeaders trailers;
  private boolean skipping;

  /** Hears interim answers. */
  interface Interim {
    /** One has come: a status from 102 to 199, and its fields. */
    void received(int status, HttpHeaders fields);
  }

  /** Puts one into the connection; null if its inside is not what it is known to be. */
  static @Nullable RunnerWire into(HttpClientConnection connection) {
    if (ACTUAL != null
        && connection instanceof UnpooledHttpClientConnection
        && ACTUAL.get(connection) instanceof ConnectionBase base) {
      ChannelPipeline pipeline = base.channel().pipeline();
      RunnerWire wire = new RunnerWire();
      pipeline.addBefore("handler", null, wire);
      return wire;
    }
    return null;
  }

  /** Vert.x gives no other way to the channel of a connection that is not pooled. */
  private static @Nullable VarHandle actual() {
    try {
      Class<?> owner = UnpooledHttpClientConnection.class;
      return MethodHandles.privateLookupIn(owner, MethodHandles.lookup())
          .findVarHandle(owner, "actual", owner.getDeclaredField("actual").getType());
    } catch (ReflectiveOperationException e) {
      LOG.warn("trailers of requests and interim answers cannot be passed on", e);
      return null;
    }
  }

  /** Whom to tell of interim answers from now on; null for nobody. */
  void listen(@Nullable Interim next) {
    listener = next;
  }

  /** Sends these fields after the body of the request under way. */
  void trailers(HttpHeaders fields) {
    trailers = fields;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (message instanceof HttpResponse response && isInterim(response.status().code())) {
      skipping = true;
      if (listener != null) {
        listener.received(response.status().code(), response.headers());
      }
    }
    if (!skipping || !(message instanceof HttpResponse || message instanceof HttpContent)) {
      ctx.fireChannelRead(message);
      return;
    }
    if (message instanceof LastHttpContent) {
      skipping = false;
    }
    ReferenceCountUtil.release(message);
  }

  private static boolean isInterim(int status) {
    return status >= CONTINUE
        && status < 200
        && status != CONTINUE
        && status != SWITCHING_PROTOCOLS;
  }

  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // the promise tells
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
    HttpHeaders fields = trailers;
    if (fields == null
        || message instanceof HttpRequest
        || !(message instanceof LastHttpContent last)) {
      ctx.write(message, promise);
      return;
    }
    trailers = null;
    LastHttpContent whole =
        new DefaultLastHttpContent(
            last.content().isReadable() ? last.content() : Unpooled.EMPTY_BUFFER);
    whole.trailingHeaders().add(fields);
    ctx.write(whole, promise);
  }
}
