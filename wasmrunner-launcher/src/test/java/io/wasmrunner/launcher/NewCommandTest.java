package io.wasmrunner.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.wasmrunner.launcher.TestingCommands.Ran;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A new service, up to where a compiler is needed. */
final class NewCommandTest {
  private static final byte[] EMPTY_MODULE = {0, 'a', 's', 'm', 1, 0, 0, 0};

  @TempDir private Path folder;

  private Ran make(String... words) {
    String[] arguments =
        Stream.concat(Stream.of("new", "--services", services().toString()), Stream.of(words))
            .toArray(String[]::new);
    return TestingCommands.run(arguments);
  }

  private Path services() {
    return folder.resolve("services");
  }

  private JsonNode config(String name) throws IOException {
    return new JsonMapper()
        .readTree(Files.readAllBytes(services().resolve(name).resolve("config/service.json")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"rust", "c"})
  void whatIsWrittenIsValidOnceItIsBuilt(String language) throws IOException {
    Ran ran = make("greeter", "--lang", language);
    assertThat(ran.status()).as(ran.err()).isZero();
    assertThat(ran.out()).contains("build.sh", "/greeter/hello");

    Path made = services().resolve("greeter");
    assertThat(Files.isExecutable(made.resolve("build.sh"))).isTrue();
    try (Stream<Path> all = Files.walk(made)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        assertThat(Files.readString(file)).as(file.toString()).doesNotContain("@NAME@", "@PORT@");
      }
    }
    Files.write(made.resolve("greeter.wasm"), EMPTY_MODULE);
    List<String> left;
    try (Stream<Path> all = Files.list(services())) {
      left = all.map(file -> file.getFileName().toString()).toList();
    }
    assertThat(left).containsExactly("greeter");
    assertThat(Finding.Status.OK)
        .isEqualTo(DoctorTest.look("services.valid", services(), folder).status());
    assertThat(Finding.Status.OK)
        .isEqualTo(DoctorTest.look("services.contracts_valid", services(), folder).status());
  }

  @Test
  void eachGetsPortsOfItsOwn() throws IOException {
    make("one", "--lang", "c");
    make("two", "--lang", "c");
    assertThat(config("one").path("url").asString())
        .isNotEqualTo(config("two").path("url").asString());
  }

  @Test
  void nothingIsOverwritten() throws IOException {
    Files.createDirectories(services().resolve("mine"));
    Ran ran = make("mine");
    assertThat(ran.status()).isEqualTo(ExitStatus.FAILURE);
    assertThat(ran.err()).contains("WR-1031", "exists already");
    try (Stream<Path> inside = Files.list(services().resolve("mine"))) {
      assertThat(inside).isEmpty();
    }
  }

  @Test
  void aPrefixOfAnotherServiceIsRefused() throws IOException {
    Path other = Files.createDirectories(services().resolve("other/config"));
    Files.writeString(
        other.resolve("service.json"),
        "{\"prefix\":\"/shop/\",\"url\":\"http://127.0.0.1:15000\"}");
    assertThat(make("shop").err()).contains("WR-1031", "prefix");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Upper", "../up", "a b", "9lives", "health", "fn", "-x/y", ""})
  void badNamesAreRefused(String name) {
    Ran ran = make("--", name);
    assertThat(ran.status()).isNotZero();
    assertThat(Files.exists(services())).isFalse();
  }

  @Test
  void otherLanguagesAreWrongUsage() {
    Ran ran = make("x", "--lang", "cobol");
    assertThat(ran.status()).isEqualTo(ExitStatus.USAGE);
    assertThat(ran.err()).contains("rust or c");
  }

  @Test
  void anUnwritableFolderIsOneClearError() throws IOException {
    Files.writeString(services(), "no folder");
    Ran ran = make("x");
    assertThat(ran.status()).isEqualTo(ExitStatus.FAILURE);
    assertThat(ran.err()).contains("WR-1032").doesNotContain("\tat ");
  }
}
