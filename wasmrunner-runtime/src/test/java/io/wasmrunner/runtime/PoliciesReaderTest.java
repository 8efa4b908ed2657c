package io.wasmrunner.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.wasmrunner.model.CompressionPolicy;
import io.wasmrunner.model.ContractPolicy;
import io.wasmrunner.model.ContractPolicy.Mode;
import io.wasmrunner.model.Policies;
import io.wasmrunner.model.RateLimit;
import io.wasmrunner.model.RequestBounds;
import io.wasmrunner.model.Violation;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The keys {@code rate_limit}, {@code auth}, {@code cors}, {@code contract} and others. */
final class PoliciesReaderTest {
  private static final String OPENAPI = "{\"openapi\": \"3.1.0\", \"paths\": {}}";
  private static final String BCRYPT =
      "$2y$10$abcdefghijklmnopqrstuuabcdefghijklmnopqrstuvwxyz01234";

  @TempDir Path folder;
  private TestingServices services;

  @BeforeEach
  void services() throws IOException {
    services = new TestingServices(folder.resolve("services"));
    services.file("demo/config/keys.json", "{\"keys\": []}");
  }

  private ServiceEntry read(String more) {
    services.add(
        "demo", "{\"prefix\": \"demo\", \"url\": \"http://127.0.0.1:15001\", " + more + "}");
    return ServiceCatalogue.load(
            services
                .options(new RuntimePlugin())
                .variables(
                    name -> name.equals("KEY") ? Optional.of("the secret") : Optional.empty())
                .build())
        .entries()
        .get(0);
  }

  private Policies valid(String more) {
    ServiceEntry entry = read(more);
    assertThat(entry.errors()).isEmpty();
    return entry.definition().orElseThrow().traffic().policies();
  }

  @Test
  void withoutKeysThereAreNone() {
    assertThat(valid("\"domain\": \"x\"")).isEqualTo(Policies.DEFAULT);
  }

  @Test
  void rateLimitsAreReadWithTheirDefaults() {
    assertThat(valid("\"rate_limit\": {\"rate\": 5}").rateLimit())
        .contains(new RateLimit(5, Duration.ofSeconds(1), 5, RateLimit.Key.CLIENT, 10_000));
    assertThat(
            valid(
                    "\"rate_limit\": {\"rate\": 5, \"per\": \"1m\", \"burst\": 9, \"key\":"
                        + " \"header:X-Tenant\", \"max_keys\": 7}")
                .rateLimit())
        .contains(
            new RateLimit(
                5,
                Duration.ofMinutes(1),
                9,
                new RateLimit.Key(RateLimit.Source.HEADER, "X-Tenant"),
                7));
  }

  @Test
  void keysAreKeptAsHashes() {
    Policies policies =
        valid("\"auth\": {\"api_key\": {\"keys\": [{\"name\": \"shop\", \"env\": \"KEY\"}]}}");

    assertThat(policies.auth().orElseThrow().apiKey().orElseThrow().header()).contains("X-API-Key");
    assertThat(policies.auth().orElseThrow().apiKey().orElseThrow().keys().get(0).sha256())
        .hasSize(64);
    assertThat(policies.toString()).doesNotContain("the secret").contains("shop");
  }

  @Test
  void passwordsAndTokensAreRead() {
    Policies policies =
        valid(
            "\"auth\": {\"basic\": {\"users\": [{\"name\": \"ana\", \"hash\": \""
                + BCRYPT
                + "\"}]}, \"jwt\": {\"algorithms\": [\"ES256\"], \"jwks\":"
                + " \"config/keys.json\"}}");

    assertThat(policies.auth().orElseThrow().basic().orElseThrow().realm()).isEqualTo("demo");
    assertThat(policies.toString()).doesNotContain(BCRYPT);
    assertThat(policies.auth().orElseThrow().jwt().orElseThrow().jwks())
        .isEqualTo(services.folder().resolve("demo/config/keys.json").toString());
  }

  @Test
  void aContractIsWatchedUnlessTheServiceSaysMore() throws IOException {
    services.file("demo/openapi.json", OPENAPI);

    assertThat(valid("\"domain\": \"x\"").contract())
        .contains(ContractPolicy.watching(OPENAPI))
        .get()
        .extracting(ContractPolicy::requests, ContractPolicy::bodies)
        .containsExactly(Mode.REPORT, false);
    assertThat(valid("\"contract\": {}").contract().orElseThrow())
        .extracting(ContractPolicy::requests, ContractPolicy::responses, ContractPolicy::bodies)
        .containsExactly(Mode.ENFORCE, Mode.REPORT, true);
    assertThat(valid("\"contract\": {\"mode\": \"off\"}").contract()).isEmpty();
    assertThat(
            valid("\"contract\": {\"mode\": \"report\", \"responses\": \"enforce\"}")
                .contract()
                .orElseThrow())
        .extracting(ContractPolicy::requests, ContractPolicy::responses)
        .containsExactly(Mode.REPORT, Mode.ENFORCE);
  }

  @Test
  void theRestIsReadToo() {
    Policies policies =
        valid(
            "\"compression\": true, \"limits\": {\"max_body_mb\": 0.5, \"max_header_kb\": 4,"
                + " \"max_header_fields\": 20}, \"cors\": {\"origins\": [\"*\"]}");

    assertThat(policies.compression()).contains(CompressionPolicy.DEFAULT);
    assertThat(policies.bounds()).isEqualTo(new RequestBounds(512 * 1024, 4 * 1024, 20));
    assertThat(policies.cors().orElseThrow().maxAge()).isEqualTo(Duration.ofMinutes(10));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"contract\": {}|WR-2091",
        "\"rate_limit\": {\"rate\": 1, \"key\": \"identity\"}|WR-2091",
        "\"cors\": {\"origins\": [\"*\"], \"credentials\": true}|WR-2091",
        "\"auth\": {\"basic\": {\"users\": [{\"name\": \"a\", \"hash\": \"plain\"}]}}|WR-2092",
        "\"auth\": {\"jwt\": {\"algorithms\": [\"RS256\"], \"jwks\": \"http://a.example/k\"}}|WR-2093",
        "\"auth\": {\"jwt\": {\"algorithms\": [\"RS256\"], \"jwks\": \"nowhere.json\"}}|WR-2081",
        "\"auth\": {\"jwt\": {\"algorithms\": [\"none\"], \"jwks\": \"https://a.example/k\"}}|WR-2013",
        "\"auth\": {\"api_key\": {\"keys\": [{\"name\": \"a\", \"env\": \"MISSING\"}]}}|WR-2082",
        "\"rate_limit\": {\"rate\": 0}|WR-2013",
        "\"rate_limit\": {\"rates\": 5, \"rate\": 1}|WR-2014"
      })
  void whatCannotBeMeantIsAnError(String more, String code) {
    assertThat(read(more).errors()).extracting(Violation::code).contains(code);
  }
}
