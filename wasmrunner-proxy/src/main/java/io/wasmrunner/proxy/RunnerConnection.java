package io.wasmrunner.proxy;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.channel.VoidChannelPromise;
import io.netty.channel.socket.ChannelOutputShutdownEvent;
import io.netty.handler.codec.EncoderException;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.buffer.BufferInternal;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.impl.NetSocketImpl;
import io.vertx.core.net.impl.VertxHandler;
import java.nio.channels.ClosedChannelException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An open connection to a runner: one request at a time. Confined to its event loop. */
@SuppressWarnings("FutureReturnValueIgnored") // that the channel closes is told by the channel
final class RunnerConnection extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(RunnerConnection.class);

  private final RunnerConnections owner;
  private final ContextInternal context;
  private final Channel channel;
  private final ChannelPromise unwatched;
  private final AnswerDecoder decoder = new AnswerDecoder();
  private @Nullable AnswerReader reader;
  private @Nullable HttpResponse switching;
  private boolean skipping;
  private boolean reading;
  private boolean releaseDue;
  private boolean paused;
  private boolean reused;
  private boolean deaf;
  private long idleSince;

  private RunnerConnection(RunnerConnections owner, ContextInternal context, Channel channel) {
    this.owner = owner;
    this.context = context;
    this.channel = channel;
    // Of a write that fails the end of the channel tells; what cannot be encoded the encoder tells.
    this.unwatched = new VoidChannelPromise(channel, false);
  }

  /** Makes one of a channel that is about to be connected. */
  static void into(RunnerConnections owner, ContextInternal context, Channel channel) {
    RunnerConnection connection = new RunnerConnection(owner, context, channel);
    channel.pipeline().addLast(connection.decoder, new RequestEncoder(), connection);
  }

  /* ---- a request ---- */

  /**
   * Begins with a request.
   *
   * @param next hears what comes until {@link #release}, {@link #discard} or {@link #upgrade}
   * @param headOnly whether the answer has no body whatever its head says
   */
  void begin(AnswerReader next, boolean headOnly) {
    reader = next;
    decoder.expect(headOnly);
  }

  /** Writes a part of the request, which goes out with the next {@link #flush}. */
  void write(HttpObject part) {
    channel.write(part, unwatched);
  }

  /** Sends what was written. */
  void flush() {
    channel.flush();
  }

  /** Whether the runner takes what is written. */
  boolean isWritable() {
    return channel.isWritable();
  }

  /** Reads no more from the runner. */
  void pause() {
    if (!paused) {
      paused = true;
      channel.config().setAutoRead(false);
    }
  }

  /** Reads from the runner again. */
  void resume() {
    if (paused) {
      paused = false;
      channel.config().setAutoRead(true);
    }
  }

  /** Makes a socket of it, paused, after an answer with status 101. */
  NetSocket upgrade() {
    reader = null;
    channel.config().setAutoClose(true);
    ChannelPipeline pipeline = channel.pipeline();
    VertxHandler<NetSocketImpl> handler =
        VertxHandler.create(ctx -> new NetSocketImpl(context, ctx, null, null, null, false));
    pipeline.replace(this, "handler", handler);
    NetSocket socket = handler.getConnection().pause();
    pipeline.remove(RequestEncoder.class);
    // What it has read beyond the answer goes to the socket.
    pipeline.remove(decoder);
    channel.closeFuture().addListener(closed -> context.dispatch(() -> owner.closed(this)));
    return socket;
  }

  /* ---- in the pool ---- */

  /** Whether a request went over it before this one. */
  boolean reused() {
    return reused;
  }

  /** Whether a request can go over it. */
  boolean isOpen() {
    return channel.isActive() && !deaf;
  }

  long idleSince() {
    return idleSince;
  }

  void markIdle(long now) {
    reused = true;
    idleSince = now;
  }

  /** Gives it back after a whole exchange. */
  void release() {
    reader = null;
    if (deaf) {
      discard();
      return;
    }
    resume();
    if (reading) {
      // What still follows in the same read would be taken for the next answer.
      releaseDue = true;
    } else {
      owner.release(this);
    }
  }

  /** Closes it: it is in the middle of something, or its peer wants so. */
  void discard() {
    reader = null;
    releaseDue = false;
    channel.close();
  }

  /* ---- from the runner ---- */

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    reading = true;
    AnswerReader to = reader;
    if (to == null || !(message instanceof HttpObject part)) {
      ReferenceCountUtil.release(message);
      if (channel.isActive()) {
        LOG.debug("{} sent what nobody asked for", channel);
      }
      discard();
      return;
    }
    if (part.decoderResult().isFailure()) {
      ReferenceCountUtil.release(message);
      fail(part.decoderResult().cause());
      return;
    }
    ContextInternal before = context.beginDispatch();
    try {
      if (part instanceof HttpResponse head) {
        head(to, head);
      } else if (part instanceof HttpContent content) {
        content(to, content);
      }
    } catch (RuntimeException e) {
      fault(to, e);
    } finally {
      context.endDispatch(before);
    }
  }

  /**
   * Tells something; what goes wrong at that must not be lost, for somebody waits for an answer.
   */
  private void tell(AnswerReader to, Consumer<AnswerReader> what) {
    ContextInternal before = context.beginDispatch();
    try {
      what.accept(to);
    } catch (RuntimeException e) {
      fault(to, e);
    } finally {
      context.endDispatch(before);
    }
  }

  private void head(AnswerReader to, HttpResponse head) {
    int status = head.status().code();
    HttpVersion version = head.protocolVersion();
    if (!version.equals(HttpVersion.HTTP_1_1) && !version.equals(HttpVersion.HTTP_1_0)) {
      fail(new IllegalStateException("version " + version));
    } else if (status == 101) {
      switching = head; // What belongs to it comes first.
    } else if (status >= 100 && status < 200) {
      skipping = true;
      to.interim(status, head.headers());
    } else {
      to.head(head);
    }
  }

  private void content(AnswerReader to, HttpContent content) {
    boolean last = content instanceof LastHttpContent;
    HttpResponse switched = switching;
    if (skipping || switched != null) {
      content.release();
      if (last) {
        skipping = false;
        switching = null;
        if (switched != null) {
          to.head(switched);
        }
      }
      return;
    }
    if (content.content().isReadable()) {
      to.piece(BufferInternal.safeBuffer(content.content())); // This releases it.
    } else {
      content.release();
    }
    if (last && reader == to) {
      to.end(((LastHttpContent) content).trailingHeaders());
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    reading = false;
    AnswerReader to = reader;
    if (releaseDue) {
      releaseDue = false;
      context.dispatch(() -> owner.release(this));
    } else if (to != null) {
      tell(to, AnswerReader::readComplete);
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    AnswerReader to = reader;
    if (to != null && channel.isWritable()) {
      tell(to, AnswerReader::writable);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    AnswerReader to = reader;
    reader = null;
    releaseDue = false;
    context.dispatch(() -> owner.closed(this));
    if (to != null) {
      tell(to, reader -> reader.failed(new ClosedChannelException()));
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof ChannelOutputShutdownEvent) {
      deaf = true; // A write has failed. What the runner has said before is still to be read.
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    LOG.debug("{}", channel, cause);
    if (cause instanceof EncoderException) {
      faulted(cause);
    } else {
      fail(cause);
    }
  }

  private void fail(Throwable cause) {
    AnswerReader to = reader;
    discard();
    if (to != null) {
      tell(to, reader -> reader.failed(cause));
    }
  }

  private void faulted(Throwable cause) {
    AnswerReader to = reader;
    discard();
    if (to != null) {
      tell(to, reader -> reader.faulted(cause));
    }
  }

  private void fault(AnswerReader to, RuntimeException cause) {
    discard();
    to.faulted(cause);
  }
}
