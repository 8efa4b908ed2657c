package io.wasmrunner.launcher;

import io.wasmrunner.model.WasmrunnerException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Asks the wasmrunner that runs at the configured address. Blocks. */
final class ManagementClient {
  static final String NOT_THERE = "WR-1010";
  static final String REFUSED = "WR-1011";

  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int LARGEST_ANSWER_BYTES = 16 << 20;
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final URI base;
  private final Optional<Path> certificate;

  private ManagementClient(URI base, Optional<Path> certificate) {
    this.base = base;
    this.certificate = certificate;
  }

  /**
   * The one at the host and port of the configuration, with TLS if that has a certificate: then it
   * must be the one who answers.
   *
   * @throws WasmrunnerException WR-1010 when the port is left to the system
   */
  static ManagementClient of(Configuration configuration) {
    int port = configuration.number(Setting.PORT);
    if (port == 0) {
      throw new WasmrunnerException(
          NOT_THERE,
          "the port of the running wasmrunner is not known (0 lets the system choose)",
          "Give the port that its start has printed with --port.");
    }
    String host =
        switch (configuration.text(Setting.HOST)) {
          case "0.0.0.0" -> "127.0.0.1";
          case "::" -> "::1";
          default -> configuration.text(Setting.HOST);
        };
    String authority = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    Optional<Path> certificate =
        configuration.text(Setting.TLS_CERTIFICATE).isBlank()
            ? Optional.empty()
            : Optional.of(configuration.path(Setting.TLS_CERTIFICATE));
    String scheme = certificate.isPresent() ? "https://" : "http://";
    return new ManagementClient(URI.create(scheme + authority + ":" + port), certificate);
  }

  /**
   * The answer to GET, below the root of the management API.
   *
   * @throws WasmrunnerException WR-1010 when no wasmrunner answers, WR-1011 with its reason when it
   *     refuses
   */
  JsonNode get(String path) {
    return json(send(request(path).timeout(PATIENCE)));
  }

  /**
   * The answer to POST.
   *
   * @param body JSON; empty for none
   * @throws WasmrunnerException as {@link #get}
   */
  JsonNode post(String path, String body) {
    HttpRequest.Builder request = request(path).timeout(PATIENCE);
    if (body.isEmpty()) {
      request.POST(HttpRequest.BodyPublishers.noBody());
    } else {
      request
          .header("Content-Type", "application/json")
          .POST(HttpRequest.BodyPublishers.ofString(body));
    }
    return json(send(request));
  }

  /**
   * Hands on each line of an answer that may go on for ever.
   *
   * @param line takes a line; says whether it wants more
   * @return whether the other side ended it
   * @throws WasmrunnerException as {@link #get}
   */
  boolean lines(String path, Predicate<String> line) {
    HttpResponse<InputStream> answer = send(request(path).header("Accept", "application/x-ndjson"));
    if (!isOk(answer)) {
      throw refused(answer, body(answer));
    }
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
      for (String text = in.readLine(); text != null; text = in.readLine()) {
        if (!line.test(text)) {
          return false;
        }
      }
      return true;
    } catch (IOException e) {
      return true;
    }
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(base.resolve("/__runner__/api/v1" + path));
  }

  private JsonNode json(HttpResponse<InputStream> answer) {
    JsonNode body = body(answer);
    if (isOk(answer)) {
      return body;
    }
    throw refused(answer, body);
  }

  private static boolean isOk(HttpResponse<?> answer) {
    return answer.statusCode() == 200 || answer.statusCode() == 202;
  }

  private WasmrunnerException refused(HttpResponse<?> answer, JsonNode body) {
    String detail = body.path("detail").asString(body.path("title").asString(""));
    if (detail.isEmpty()) {
      return strange("HTTP " + answer.statusCode());
    }
    String code = body.path("code").asString("");
    return new Refusal(
        answer.statusCode(),
        "wasmrunner at " + base + " answers: " + (code.isEmpty() ? "" : code + " ") + detail,
        body.path("fix").asString("Look at its dashboard."));
  }

  /** Whether the same question may be answered later: nobody is there, or not able to. */
  static boolean mayPass(WasmrunnerException failure) {
    return failure instanceof Refusal refusal
        ? refusal.status == 503 || refusal.status == 429
        : failure.code().equals(NOT_THERE);
  }

  /** An answer that is an error. */
  private static final class Refusal extends WasmrunnerException {
    private static final long serialVersionUID = 1L;

    private final int status;

    Refusal(int status, String message, String advice) {
      super(REFUSED, message, advice);
      this.status = status;
    }
  }

  private HttpResponse<InputStream> send(HttpRequest.Builder request) {
    try {
      HttpClient.Builder client =
          HttpClient.newBuilder()
              .version(HttpClient.Version.HTTP_1_1)
              .connectTimeout(PATIENCE)
              .proxy(HttpClient.Builder.NO_PROXY);
      if (certificate.isPresent()) {
        client.sslContext(PinnedCertificate.context(certificate.get()));
      }
      return client.build().send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    } catch (IOException e) {
      throw new WasmrunnerException(
          NOT_THERE,
          "no wasmrunner answers at " + base + ": " + e,
          "Start it, or say where it runs with --host and --port; it must have the same"
              + " server.tls settings.",
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new WasmrunnerException(NOT_THERE, "interrupted while asking " + base, "Try again.", e);
    }
  }

  private JsonNode body(HttpResponse<InputStream> answer) {
    try (InputStream in = answer.body()) {
      return JSON.readTree(in.readNBytes(LARGEST_ANSWER_BYTES));
    } catch (IOException | JacksonException e) {
      throw strange("HTTP " + answer.statusCode() + " without JSON");
    }
  }

  /** A name as one segment of a path. */
  static String segment(String name) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** Where it asks, for people. */
  URI base() {
    return base;
  }

  private WasmrunnerException strange(String what) {
    return new WasmrunnerException(
        NOT_THERE,
        "what listens at " + base + " is no wasmrunner: " + what,
        "Say where it runs with --host and --port.");
  }
}
