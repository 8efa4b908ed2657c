package io.wasmrunner.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import io.wasmrunner.model.ConcurrencyLimit;
import io.wasmrunner.model.ContractPolicy;
import io.wasmrunner.model.ContractPolicy.Mode;
import io.wasmrunner.model.CorsPolicy;
import io.wasmrunner.model.Policies;
import io.wasmrunner.model.WasmrunnerException;
import io.wasmrunner.proxy.RawConnection.Message;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AccessLogTest {
  @TempDir private Path folder;

  private TestingProxy start(AccessLogOptions.Format format) {
    return TestingProxy.start(
        options ->
            options.withEdge(
                EdgeOptions.DEFAULT.withAccessLog(
                    new AccessLogOptions(
                        format, Optional.of(folder.resolve("logs/access.log")), 1 << 20, 2))));
  }

  private List<String> lines(int count) {
    Path file = folder.resolve("logs/access.log");
    await().until(() -> Files.readAllLines(file).size() >= count);
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void eachRequestIsALineOfJson() throws Exception {
    try (TestingProxy proxy = start(AccessLogOptions.Format.JSON)) {
      proxy.runner("echo", request -> request.response().end("hello"));
      RawClient client = proxy.connect();
      String id =
          client
              .get(
                  "/echo/x?token=secret&b&c=d",
                  "User-Agent: curl \"x\" \\ é\t",
                  "Referer: http://me:pass@site/p?key=secret",
                  "Authorization: Bearer secret",
                  "Cookie: session=secret",
                  "X-Api-Key: secret")
              .header("X-Request-Id")
              .orElseThrow();
      client.get("/nothing?password=secret");
      client.get("/health");
      proxy.connect().call("GET /echo HTTP/1.1\r\nHost: secret\r\nBad");

      List<String> lines = lines(4);
      JsonObject first = new JsonObject(lines.get(0));
      assertThat(first.getString("client")).isEqualTo("127.0.0.1");
      assertThat(first.getString("method")).isEqualTo("GET");
      assertThat(first.getString("target")).isEqualTo("/echo/x?token=***&***&c=***");
      assertThat(first.getString("protocol")).isEqualTo("HTTP/1.1");
      assertThat(first.getInteger("status")).isEqualTo(200);
      assertThat(first.getInteger("bytes")).isEqualTo(5);
      assertThat(first.getInteger("duration_us")).isPositive();
      assertThat(first.getString("service")).isEqualTo("echo");
      assertThat(first.getString("runner")).isEqualTo("echo/0");
      assertThat(first.getString("request_id")).isEqualTo(id);
      assertThat(first.getString("trace_id")).matches("[0-9a-f]{32}");
      assertThat(first.getString("referer")).isEqualTo("http://site/p?key=***");
      assertThat(first.getString("user_agent")).startsWith("curl \"x\" \\ ");
      assertThat(Instant.parse(first.getString("time"))).isBeforeOrEqualTo(Instant.now());
      JsonObject second = new JsonObject(lines.get(1));
      assertThat(second.getInteger("status")).isEqualTo(404);
      assertThat(second.getString("code")).isEqualTo("WR-3101");
      assertThat(new JsonObject(lines.get(2)).getString("service")).isEqualTo("wasmrunner");
      JsonObject malformed = new JsonObject(lines.get(3));
      assertThat(malformed.getString("target")).isEqualTo("-");
      assertThat(malformed.getString("code")).isEqualTo("WR-3103");
      assertThat(lines).noneMatch(line -> line.contains("secret"));
    }
  }

  @Test
  void theCommonFormatIsThatOfOthers() {
    try (TestingProxy proxy = start(AccessLogOptions.Format.COMMON)) {
      proxy.runner("echo", request -> request.response().end("hello"));
      proxy.connect().get("/echo", "User-Agent: a \"b\"");

      assertThat(lines(1).get(0))
          .matches(
              "127\\.0\\.0\\.1 - - \\[\\d\\d/\\w{3}/\\d{4}:\\d\\d:\\d\\d:\\d\\d \\+0000\\]"
                  + " \"GET /echo HTTP/1\\.1\" 200 5 \"-\" \"a \\\\x22b\\\\x22\""
                  + " \\d+\\.\\d{6} echo/0 [0-9a-f]{32} -");
    }
  }

  @Test
  void nothingAClientSendsMakesAnotherLine() throws Exception {
    try (TestingProxy proxy = start(AccessLogOptions.Format.COMMON);
        RawHttp2Client client =
            new RawHttp2Client(
                new Socket(proxy.address().getAddress(), proxy.address().getPort()))) {
      client.request(
          1,
          true,
          RawHttp2Client.get("/x%0a\u0085\u00e9?a=%0d%0a", "user-agent", "a\u0085b\u00ff\"c"));
      client.read();

      assertThat(lines(1)).hasSize(1).allMatch(line -> line.matches("[ -~]*"));
    }
  }

  @Test
  void clientsThatLeaveAndWebSocketsAreWrittenToo() throws Exception {
    try (TestingProxy proxy = start(AccessLogOptions.Format.JSON)) {
      CountDownLatch asked = new CountDownLatch(1);
      proxy.rawRunner(
          "silent",
          (connection, number) -> {
            connection.readHead();
            asked.countDown();
            connection.readByte();
          });
      RawClient client = proxy.connect();
      client.sendHead("GET /silent HTTP/1.1", "Host: a");
      asked.await();
      client.reset();

      assertThat(new JsonObject(lines(1).get(0)).getInteger("status")).isEqualTo(499);
    }
  }

  @Test
  void aClientThatLeavesTheQueueOfALimitIsWrittenToo() throws Exception {
    try (TestingProxy proxy = start(AccessLogOptions.Format.JSON)) {
      CountDownLatch asked = new CountDownLatch(1);
      RawRunner runner =
          proxy.owned(
              RawRunner.start(
                  (connection, number) -> {
                    connection.readHead();
                    asked.countDown();
                    connection.readByte();
                  }));
      Runners.serve(
          proxy,
          "full",
          settings ->
              settings.withConcurrency(new ConcurrencyLimit(1, false, 10, Duration.ofMinutes(1))),
          runner.port());
      proxy.connect().sendHead("GET /full/first HTTP/1.1", "Host: a");
      asked.await();
      RawClient waits = proxy.connect();
      waits.sendHead("GET /full/second HTTP/1.1", "Host: a");
      await().until(() -> proxy.runtime().traffic("full").waiting() == 1);
      waits.reset();

      assertLeft(lines(1).get(0), "/full/second");
    }
  }

  @Test
  void aClientThatLeavesWhileItsRequestIsCheckedIsWrittenToo() throws Exception {
    try (TestingProxy proxy = start(AccessLogOptions.Format.JSON)) {
      proxy.runner("texts", texts(Mode.ENFORCE, Mode.OFF), request -> request.response().end("ok"));
      await().until(() -> proxy.runtime().contract("texts").ready());
      RawClient client = proxy.connect();
      client.sendHead(
          "POST /texts/texts HTTP/1.1",
          "Host: a",
          "Content-Type: text/plain",
          "Content-Length: 5",
          "Expect: 100-continue");
      assertThat(client.readHead().status()).isEqualTo(100); // It is held from here on.
      client.reset();

      assertLeft(lines(1).get(0), "/texts/texts");
    }
  }

  @Test
  void anAnswerThatIsWithheldIsWrittenAsTheClientSeesIt() throws Exception {
    try (TestingProxy proxy = start(AccessLogOptions.Format.JSON)) {
      proxy.runner(
          "texts",
          texts(Mode.OFF, Mode.ENFORCE),
          request ->
              request
                  .response()
                  .putHeader("Content-Type", "text/plain")
                  .end("x".repeat(50_000))); // So long that it is checked elsewhere.
      await().until(() -> proxy.runtime().contract("texts").ready());
      assertThat(
              proxy
                  .connect()
                  .call(
                      "POST /texts/texts",
                      "Content-Type: text/plain",
                      "Content-Length: 2",
                      "\r\nhi")
                  .status())
          .isEqualTo(502);

      JsonObject line = new JsonObject(lines(1).get(0));
      assertThat(line.getInteger("status")).isEqualTo(502);
      assertThat(line.getString("code")).isEqualTo("WR-3514");
    }
  }

  @Test
  void preflightsAreWrittenToo() {
    try (TestingProxy proxy = start(AccessLogOptions.Format.JSON)) {
      proxy.runner(
          "shop",
          Policies.DEFAULT.withCors(
              new CorsPolicy(
                  List.of("https://a.example"),
                  List.of("PUT"),
                  List.of(),
                  List.of(),
                  false,
                  Duration.ofMinutes(1))),
          request -> request.response().end("ok"));
      Message answer =
          proxy
              .connect()
              .call(
                  "OPTIONS /shop/x",
                  "Origin: https://a.example",
                  "Access-Control-Request-Method: PUT");

      JsonObject line = new JsonObject(lines(1).get(0));
      assertThat(line.getString("method")).isEqualTo("OPTIONS");
      assertThat(line.getInteger("status")).isEqualTo(204);
      assertThat(answer.header("X-Request-Id")).contains(line.getString("request_id"));
    }
  }

  private static void assertLeft(String line, String target) {
    JsonObject left = new JsonObject(line);
    assertThat(left.getString("target")).isEqualTo(target);
    assertThat(left.getInteger("status")).isEqualTo(499);
  }

  private static Policies texts(Mode requests, Mode responses) {
    String openapi =
        """
        {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {"/texts": {"post": {
         "requestBody": {"content": {"text/plain": {"schema": {"type": "string"}}}},
         "responses": {"200": {"description": "", "content": {"text/plain": {
          "schema": {"type": "string", "maxLength": 10}}}}}}}}}
        """;
    return Policies.DEFAULT.withContract(
        new ContractPolicy(
            requests, responses, true, false, 64, true, new ContractPolicy.Document(openapi)));
  }

  @Test
  void filesAreBoundedInSizeAndNumber() throws Exception {
    Path file = folder.resolve("a.log");
    AccessLogFile log =
        new AccessLogFile(
            new AccessLogOptions(AccessLogOptions.Format.JSON, Optional.of(file), 1024, 2));
    for (int i = 0; i < 10; i++) {
      log.write("%0600d\n".formatted(i).getBytes(StandardCharsets.US_ASCII));
    }
    log.close();

    try (var files = Files.list(folder)) {
      assertThat(files.map(f -> f.getFileName().toString()))
          .containsExactlyInAnyOrder("a.log", "a.log.1", "a.log.2");
    }
    assertThat(Files.readString(file)).endsWith("9\n");
    assertThat(Files.readString(folder.resolve("a.log.1"))).endsWith("8\n");
    assertThat(Files.readString(folder.resolve("a.log.2"))).endsWith("7\n");
  }

  @Test
  void aWriterThatCannotKeepUpLosesLinesAndCountsThem() {
    CountDownLatch stuck = new CountDownLatch(1);
    AccessLog log =
        AccessLog.to(
            AccessLogOptions.Format.JSON,
            new AccessLog.Sink() {
              @Override
              public void write(byte[] lines) throws IOException {
                try {
                  stuck.await();
                } catch (InterruptedException e) {
                  throw new IOException(e);
                }
              }

              @Override
              public void close() {}
            });
    AccessEntry entry =
        new AccessEntry(
            Instant.EPOCH,
            "",
            "GET",
            "/",
            "HTTP/1.1",
            200,
            0,
            1,
            null,
            null,
            null,
            "i",
            "t",
            null,
            null);
    for (int i = 0; i < AccessLog.MOST_WAITING + 1_000; i++) {
      log.add(entry);
    }

    assertThat(log.dropped()).isBetween(1_000L - 2 * 256, 1_000L);
    stuck.countDown();
    log.close();
  }

  @Test
  void aFileThatCannotBeWrittenIsNoStart() throws Exception {
    Files.writeString(folder.resolve("logs"), "in the way");

    assertThatThrownBy(() -> start(AccessLogOptions.Format.JSON))
        .isInstanceOfSatisfying(
            WasmrunnerException.class,
            failure -> {
              assertThat(failure.code()).isEqualTo("WR-3005");
              assertThat(failure.advice()).contains("server.access_log_file");
            });
  }

  @ParameterizedTest
  @CsvSource({
    "/a, , /a",
    "/a, '', /a?",
    "/a, b=c&d=, /a?b=***&d=***",
    "/a, b, /a?***",
    "/a, &&b=c=d, /a?&&b=***"
  })
  void valuesOfQueriesAreMasked(String path, String query, String logged) {
    assertThat(LoggedTarget.of(path, query)).isEqualTo(logged);
  }
}
