package io.wasmrunner.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.wasmrunner.model.Capabilities;
import io.wasmrunner.model.PreopenDefinition;
import io.wasmrunner.model.SecretSource;
import io.wasmrunner.model.ServiceDefinition;
import io.wasmrunner.model.Violation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The keys {@code capabilities} and {@code secrets}. */
final class CapabilitiesReaderTest {
  @TempDir Path folder;
  private TestingServices services;
  private Path outside;

  @BeforeEach
  void services() throws IOException {
    services = new TestingServices(folder.resolve("services"));
    services.file("demo/files/ca.pem", TestingServices.AUTHORITY);
    services.file("demo/config/token", "from-a-file\r\n");
    outside = Files.createDirectory(folder.resolve("outside"));
    Files.writeString(outside.resolve("token"), "elsewhere");
    Files.createSymbolicLink(services.folder().resolve("demo/way-out"), outside);
  }

  private RuntimeOptions.Builder options() {
    return services
        .options(new RuntimePlugin())
        .variables(
            name -> name.equals("TOKEN") ? Optional.of("from-a-variable") : Optional.empty());
  }

  private ServiceEntry read(String more, RuntimeOptions options) {
    services.add("demo", "{\"prefix\": \"demo\", \"url\": \"http://127.0.0.1:15001\"" + more + "}");
    return ServiceCatalogue.load(options).entries().get(0);
  }

  private ServiceDefinition valid(String more) {
    ServiceEntry entry = read(", " + more, options().build());
    assertThat(entry.errors()).isEmpty();
    return entry.definition().orElseThrow();
  }

  @Test
  void foldersNeedDescriptorsToBeOfUse() {
    String folders =
        "\"capabilities\": {\"preopens\": [{\"host\": \"files\", \"guest\": \"/files\"}]}";
    ServiceEntry entry =
        read(", \"limits\": {\"open_descriptors\": 8}, " + folders, options().build());
    assertThat(entry.errors())
        .singleElement()
        .satisfies(
            error -> assertThat(error.describe()).contains("WR-2086", "at least 9", "got 8"));
    valid("\"limits\": {\"open_descriptors\": 9}, " + folders);
  }

  @Test
  void secretsStayOffCommandLines() {
    String secret = "\"secrets\": {\"KEY\": {\"env\": \"TOKEN\"}}, \"launcher\": ";
    String command = "{\"name\": \"command\", \"command\": [\"engine\", %s\"{module}\"]}";
    assertThat(read(", " + secret + "\"wasmedge\"", options().build()).errors())
        .extracting(Violation::code)
        .containsExactly("WR-2085");
    assertThat(
            read(", " + secret + command.formatted("\"{env:--env}\", "), options().build())
                .errors())
        .extracting(Violation::code)
        .containsExactly("WR-2085");
    valid(secret + command.formatted(""));
  }

  @Test
  void everyKeyArrives() {
    Path demo = services.folder().resolve("demo").toAbsolutePath().normalize();
    Capabilities block =
        valid(
                """
                "capabilities": {
                  "outbound": ["api.test:443", "*.test", "10.0.0.0/8"],
                  "inbound": [8125],
                  "preopens": [{"host": "files", "guest": "/files"},
                               {"host": "%s", "guest": "/out", "read_only": false}],
                  "tls": {"ca_file": "files/ca.pem"},
                  "x-why": "because"}"""
                    .formatted(outside))
            .guest()
            .capabilities()
            .orElseThrow();
    assertThat(block)
        .isEqualTo(
            new Capabilities(
                List.of("api.test:443", "*.test", "10.0.0.0/8"),
                List.of(8125),
                List.of(
                    new PreopenDefinition(demo.resolve("files"), "/files", true),
                    new PreopenDefinition(outside, "/out", false)),
                Optional.of(demo.resolve("files/ca.pem"))));
  }

  @Test
  void anEmptyBlockIsOneToo() {
    assertThat(valid("\"capabilities\": {}").guest().capabilities()).isPresent();
    assertThat(valid("\"x-none\": 1").guest().capabilities()).isEmpty();
  }

  @Test
  void denyMakesTheBlockMandatory() {
    RuntimeOptions deny = options().capabilitiesRequired(true).build();
    assertThat(read("", deny).errors())
        .singleElement()
        .extracting(Violation::describe)
        .isEqualTo(
            "WR-2083 demo/config/service.json:1:1: expected the key \"capabilities\", which"
                + " capabilities.default \"deny\" makes mandatory, got none."
                + " Fix: add \"capabilities\": {\"outbound\": []} and what the service needs");
    assertThat(read(", \"capabilities\": {}", deny).errors()).isEmpty();
  }

  @Test
  void aLauncherThatCannotEnforceItIsNoGood() {
    RuntimeOptions options =
        services.options(new RuntimePlugin(), new TestingLauncher(new TestingClock())).build();
    String launcher = ", \"launcher\": {\"name\": \"testing\", \"mood\": \"calm\"}";
    assertThat(read(launcher, options).errors()).isEmpty();
    assertThat(read(launcher + ", \"capabilities\": {}", options).errors())
        .singleElement()
        .extracting(Violation::code)
        .isEqualTo("WR-2084");
  }

  static Stream<Arguments> refused() {
    return Stream.of(
        Arguments.of("\"capabilities\": {\"outbuond\": []}", "WR-2014", "write \"outbound\""),
        Arguments.of("\"capabilities\": []", "WR-2013", "an object"),
        Arguments.of("\"capabilities\": {\"outbound\": \"a.test\"}", "WR-2013", "an array of"),
        Arguments.of(
            "\"capabilities\": {\"outbound\": [\"a.test\", \"http://a.test\"]}",
            "WR-2080",
            "/capabilities/outbound/1: expected a host, not a URL"),
        Arguments.of(
            "\"capabilities\": {\"outbound\": [\"169.254.169.254:80\"]}",
            "WR-2080",
            "no metadata service"),
        Arguments.of("\"capabilities\": {\"inbound\": [0]}", "WR-2013", "at least 1"),
        Arguments.of(
            "\"capabilities\": {\"preopens\": [{\"host\": \"files\"}]}", "WR-2015", "\"guest\""),
        Arguments.of(
            "\"capabilities\": {\"preopens\": [{\"host\": \"nothing\", \"guest\": \"/a\"}]}",
            "WR-2081",
            "which does not exist"),
        Arguments.of(
            "\"capabilities\": {\"preopens\": [{\"host\": \"..\", \"guest\": \"/a\"}]}",
            "WR-2081",
            "leads out of the service's folder"),
        Arguments.of(
            "\"capabilities\": {\"preopens\": [{\"host\": \"way-out\", \"guest\": \"/a\"}]}",
            "WR-2081",
            "leads out of the service's folder"),
        Arguments.of(
            "\"capabilities\": {\"preopens\": [{\"host\": \"demo.wasm\", \"guest\": \"/a\"}]}",
            "WR-2081",
            "expected a folder"),
        Arguments.of(
            "\"capabilities\": {\"preopens\": [{\"host\": \"files\", \"guest\": \"/a\"},"
                + " {\"host\": \"config\", \"guest\": \"/a\"}]}",
            "WR-2081",
            "each guest path once"),
        Arguments.of("\"capabilities\": {\"tls\": {\"ca_file\": \"no.pem\"}}", "WR-2081", "no.pem"),
        Arguments.of(
            "\"capabilities\": {\"tls\": {\"ca_file\": \"config/token\"}}",
            "WR-6020",
            "/capabilities/tls/ca_file: expected a PEM file"),
        Arguments.of("\"secrets\": {\"A\": \"value\"}", "WR-2013", "/secrets/A"),
        Arguments.of("\"secrets\": {\"A\": {}}", "WR-2013", "one of the keys env and file"),
        Arguments.of(
            "\"secrets\": {\"A\": {\"env\": \"UNSET\"}}", "WR-2082", "UNSET, which is not set"),
        Arguments.of("\"secrets\": {\"A\": {\"file\": \"nothing\"}}", "WR-2081", "does not exist"),
        Arguments.of("\"secrets\": {\"A\": {\"file\": \"way-out/token\"}}", "WR-2081", "leads out"),
        Arguments.of("\"secrets\": {\"A\": {\"file\": \"files\"}}", "WR-2082", "cannot be read"),
        Arguments.of(
            "\"secrets\": {\"WR_RUNNER_PORT\": {\"env\": \"TOKEN\"}}", "WR-2027", "does not set"),
        Arguments.of(
            "\"env\": {\"A\": \"x\"}, \"secrets\": {\"A\": {\"env\": \"TOKEN\"}}",
            "WR-2082",
            "not also in env"));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void refuses(String json, String code, String message) {
    assertThat(read(", " + json, options().build()).errors().stream().map(Violation::describe))
        .anySatisfy(error -> assertThat(error).startsWith(code).contains(message));
  }

  /* ---- Secrets ---- */

  @Test
  void secretsAreSourcesInTheDefinitionAndValuesOnlyWhenRead() {
    ServiceDefinition service =
        valid(
            "\"secrets\": {\"A\": {\"env\": \"TOKEN\"}, \"B\": {\"file\": \"config/token\"}, \"C\":"
                + " {\"file\": \""
                + outside.resolve("token")
                + "\"}}");
    assertThat(service.guest().secrets().get("A"))
        .isEqualTo(new SecretSource(SecretSource.Kind.ENVIRONMENT, "TOKEN"));
    assertThat(service.toString()).doesNotContain("from-a-", "elsewhere");
    Secrets secrets = Secrets.read(service, options().build());
    assertThat(secrets.values())
        .isEqualTo(Map.of("A", "from-a-variable", "B", "from-a-file", "C", "elsewhere"));
  }

  @Test
  void aValueIsHiddenWhereverItStandsTheLongestFirst() {
    SecretMask mask =
        new SecretMask(
            Map.of(
                "SHORT",
                "abc",
                "LONG",
                "hunter2hunter2",
                "PART",
                "hunter2",
                "PEM",
                "one1\ntwo2\n"));
    assertThat(mask.apply("x=hunter2hunter2 y=hunter2, abc"))
        .isEqualTo("x=[secret LONG] y=[secret PART], abc");
    assertThat(mask.apply("<two2>")).isEqualTo("<[secret PEM]>");
  }
}
