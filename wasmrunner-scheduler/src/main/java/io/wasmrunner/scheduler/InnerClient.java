package io.wasmrunner.scheduler;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import io.wasmrunner.model.Payload;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends requests to services through the proxy's inner listener, so that they are balanced over the
 * runners like any other. Belongs to one context.
 */
final class InnerClient {
  private static final Logger LOG = LoggerFactory.getLogger(InnerClient.class);

  /** Most of an answer that is read; the rest of the connection is not worth keeping then. */
  private static final int READ_BYTES = 1 << 16;

  /** What the proxy says when a runner did not take the connection. */
  private static final Set<String> NO_CONNECTION = Set.of("WR-3301", "WR-3304");

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

  private final Vertx vertx;
  private final URI base;
  private final String token;
  private final HttpClient client;

  /**
   * A client.
   *
   * @param base base URL of the inner listener
   * @param token what the inner listener wants to see
   * @param connections most connections at once
   */
  InnerClient(Vertx vertx, URI base, String token, int connections) {
    this.vertx = vertx;
    this.base = base;
    this.token = token;
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setConnectTimeout((int) CONNECT_TIMEOUT.toMillis())
                .setTcpNoDelay(true)
                .setKeepAliveTimeout(10),
            new PoolOptions().setHttp1MaxSize(connections).setMaxWaitQueueSize(connections * 64));
  }

  /**
   * A request to a service.
   *
   * @param method GET or POST
   * @param prefix prefix of the service
   * @param path path on the service, with a leading slash
   * @param headers its headers, besides the token
   * @param body its body, for POST
   * @param timeout time until an answer must be there
   */
  record Request(
      HttpMethod method,
      String prefix,
      String path,
      Map<String, String> headers,
      Optional<Payload> body,
      Duration timeout) {}

  /** Sends a request; the future never fails. */
  Future<Outcome> send(Request request) {
    Promise<Outcome> outcome = Promise.promise();
    Exchange exchange = new Exchange(request, outcome);
    client
        .request(options(request))
        .compose(exchange::send)
        .onSuccess(exchange::answered)
        .onFailure(exchange::failed);
    return outcome.future();
  }

  Future<Void> close() {
    return client.close();
  }

  private RequestOptions options(Request request) {
    RequestOptions options =
        new RequestOptions()
            .setMethod(request.method())
            .setHost(base.getHost())
            .setPort(base.getPort())
            .setSsl("https".equals(base.getScheme()))
            .setURI(encoded("/" + request.prefix() + request.path()))
            .putHeader("WR-Inner-Token", token);
    request.headers().forEach(options::putHeader);
    return options;
  }

  /** Percent-encodes what may not stand in a request line. */
  static String encoded(String text) {
    StringBuilder encoded = new StringBuilder();
    for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
      if (each > 0x20 && each < 0x7f && "\"<>\\^`{|}#".indexOf(each) < 0) {
        encoded.append((char) each);
      } else {
        encoded.append('%').append("%02X".formatted(each & 0xff));
      }
    }
    return encoded.toString();
  }

  /** One request on its way. */
  private final class Exchange {
    private final Request request;
    private final Promise<Outcome> outcome;
    private final long timer;
    private boolean sent;
    private boolean ended;
    private Runnable reset = () -> {};

    Exchange(Request request, Promise<Outcome> outcome) {
      this.request = request;
      this.outcome = outcome;
      this.timer = vertx.setTimer(Math.max(1, request.timeout().toMillis()), fired -> timedOut());
    }

    Future<HttpClientResponse> send(HttpClientRequest open) {
      reset = open::reset;
      if (ended) {
        reset.run();
        return Future.failedFuture("too late");
      }
      sent = true;
      return request.body().isPresent()
          ? open.send(Buffer.buffer(request.body().get().toByteArray()))
          : open.send();
    }

    void answered(HttpClientResponse response) {
      int status = response.statusCode();
      if (!mayBeTheProxys(response)) {
        end(new Outcome.Answered(status));
        discard(response);
        return;
      }
      Buffer read = Buffer.buffer();
      response.handler(
          part -> {
            read.appendBuffer(part);
            if (read.length() > READ_BYTES) {
              end(new Outcome.Answered(status));
              reset.run();
            }
          });
      response.exceptionHandler(broken -> end(new Outcome.Answered(status)));
      response.endHandler(ended -> end(explained(status, read)));
    }

    void failed(Throwable cause) {
      String reason = String.valueOf(cause.getMessage());
      end(
          sent
              ? new Outcome.NoAnswer("the connection broke: " + reason)
              : new Outcome.NotReached("the inner listener cannot be reached: " + reason));
    }

    private void timedOut() {
      String within = " within " + request.timeout().toMillis() + " ms";
      end(
          sent
              ? new Outcome.NoAnswer("no answer" + within)
              : new Outcome.NotReached("no connection to the inner listener" + within));
      reset.run();
    }

    private void end(Outcome result) {
      ended = true;
      vertx.cancelTimer(timer);
      outcome.tryComplete(result);
    }

    /** Reads an answer that nobody needs, so that the connection can be used again. */
    private void discard(HttpClientResponse response) {
      long[] read = {0};
      response.exceptionHandler(broken -> LOG.trace("the rest of an answer is missing", broken));
      response.handler(
          part -> {
            read[0] += part.length();
            if (read[0] > READ_BYTES) {
              reset.run();
            }
          });
    }
  }

  private static boolean mayBeTheProxys(HttpClientResponse response) {
    String type = response.getHeader(HttpHeaders.CONTENT_TYPE);
    return response.statusCode() >= 400
        && response.getHeader("X-Wasmrunner-Runner") == null
        && type != null
        && type.toLowerCase(Locale.ROOT).startsWith("application/problem+json");
  }

  /**
   * Tells an answer of the proxy from one of the service, and whether a runner may have seen the
   * request.
   */
  private static Outcome explained(int status, Buffer body) {
    String code;
    String title;
    try {
      JsonObject problem = new JsonObject(body);
      code = String.valueOf(problem.getValue("code"));
      title = String.valueOf(problem.getValue("detail", problem.getValue("title", "")));
    } catch (RuntimeException notJson) {
      return new Outcome.Answered(status);
    }
    if (!code.startsWith("WR-3")) {
      return new Outcome.Answered(status);
    }
    String reason = "HTTP %d from the proxy, %s: %s".formatted(status, code, title);
    boolean reachedNobody =
        status == 404 || status == 403 || status == 503 || NO_CONNECTION.contains(code);
    return reachedNobody ? new Outcome.NotReached(reason) : new Outcome.NoAnswer(reason);
  }
}
