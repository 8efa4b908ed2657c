package io.wasmrunner.proxy.policy;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads sets of keys from files and over HTTP, within bounds. Thread-safe. */
final class KeySetPlaces implements IssuerKeys.KeySetReader {
  private static final int LONGEST = 256 * 1024;
  private static final long PATIENCE_MILLIS = 5_000;

  private final Vertx vertx;
  private final Workers workers;
  private final HttpClient client;

  KeySetPlaces(Vertx vertx, Workers workers) {
    this.vertx = vertx;
    this.workers = workers;
    this.client =
        vertx.createHttpClient(new HttpClientOptions().setConnectTimeout((int) PATIENCE_MILLIS));
  }

  @Override
  public Future<String> read(String place) {
    return place.contains("://")
        ? client
            .request(
                new RequestOptions()
                    .setMethod(HttpMethod.GET)
                    .setAbsoluteURI(place)
                    .setTimeout(PATIENCE_MILLIS)
                    .putHeader("Accept", "application/jwk-set+json, application/json"))
            .compose(request -> request.send())
            .compose(this::body)
        : workers.run(() -> file(Path.of(place)));
  }

  private Future<String> body(HttpClientResponse response) {
    Promise<String> whole = Promise.promise();
    long timer =
        vertx.setTimer(
            PATIENCE_MILLIS,
            late -> {
              whole.tryFail("no answer in time");
              response.request().reset();
            });
    Buffer body = Buffer.buffer();
    response.exceptionHandler(whole::tryFail);
    response.handler(
        piece -> {
          if (body.length() + piece.length() > LONGEST) {
            whole.tryFail("more than " + LONGEST + " bytes");
            response.request().reset();
          } else {
            body.appendBuffer(piece);
          }
        });
    response.endHandler(end -> whole.tryComplete(body.toString(StandardCharsets.UTF_8)));
    if (response.statusCode() != 200) {
      whole.tryFail("status " + response.statusCode());
    }
    return whole.future().onComplete(done -> vertx.cancelTimer(timer));
  }

  private static String file(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] octets = in.readNBytes(LONGEST + 1);
      if (octets.length > LONGEST) {
        throw new IOException("more than " + LONGEST + " bytes");
      }
      return new String(octets, StandardCharsets.UTF_8);
    }
  }
}
