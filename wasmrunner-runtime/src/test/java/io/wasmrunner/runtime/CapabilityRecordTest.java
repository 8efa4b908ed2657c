package io.wasmrunner.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.wasmrunner.model.CapabilityStatus;
import io.wasmrunner.model.CapabilityStatus.Denial;
import io.wasmrunner.model.ServiceDefinition;
import io.wasmrunner.spi.Access;
import io.wasmrunner.spi.Access.Operation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CapabilityRecordTest {
  @TempDir Path folder;
  private final TestingClock clock = new TestingClock();
  private final List<Denial> told = new ArrayList<>();

  private CapabilityRecord record(String moreJson) {
    TestingServices services = new TestingServices(folder.resolve("services"));
    services.file("demo/files/x", TestingServices.AUTHORITY);
    services.add(
        "demo", "{\"prefix\": \"demo\", \"url\": \"http://127.0.0.1:15001\"" + moreJson + "}");
    ServiceDefinition service =
        ServiceCatalogue.load(services.options(new RuntimePlugin()).build())
            .entries()
            .get(0)
            .definition()
            .orElseThrow();
    return new CapabilityRecord(service, true, clock, (runner, denial) -> told.add(denial));
  }

  private static Access used(Operation operation, String... entries) {
    return new Access(operation, "target", List.of(entries), Optional.empty());
  }

  private static Access denied(Operation operation, String target, String... entries) {
    return new Access(operation, target, List.of(entries), Optional.of("not listed"));
  }

  @Test
  void suggestsTheSmallestBlockThatAllowsWhatWasSeen() {
    CapabilityRecord record = record("");
    assertThat(record.status().restricted()).isFalse();
    assertThat(record.status().suggestion())
        .isEqualTo("\"capabilities\": {\n  \"outbound\": []\n}");
    record.add(0, used(Operation.RESOLVE, "api.test"));
    record.add(0, used(Operation.CONNECT, "api.test:443"));
    record.add(1, used(Operation.CONNECT, "192.0.2.1:25"));
    record.add(1, used(Operation.RESOLVE, "lonely.test"));
    record.add(1, used(Operation.BIND, "9100"));
    record.add(1, denied(Operation.CONNECT, "169.254.169.254:80"));
    assertThat(record.status().suggestion())
        .isEqualTo(
            """
            "capabilities": {
              "outbound": [
                "192.0.2.1:25",
                "api.test:443",
                "lonely.test"
              ],
              "inbound": [
                9100
              ]
            }""");
  }

  @Test
  void keepsTheRestOfTheBlockThatIsThere() {
    CapabilityRecord record =
        record(
            ", \"capabilities\": {\"outbound\": [\"never.test\"], \"preopens\":"
                + " [{\"host\": \"files\", \"guest\": \"/f\"},"
                + " {\"host\": \"files\", \"guest\": \"/g\", \"read_only\": false},"
                + " {\"host\": \"files\", \"guest\": \"/h\", \"read_only\": false},"
                + " {\"host\": \"files\", \"guest\": \"/never\"}],"
                + " \"tls\": {\"ca_file\": \"files/x\"}}");
    record.add(0, used(Operation.CONNECT, "api.test:443"));
    record.add(0, used(Operation.READ, "/f"));
    record.add(0, used(Operation.READ, "/g"));
    record.add(0, used(Operation.READ, "/h"));
    record.add(0, used(Operation.CHANGE, "/h"));
    assertThat(record.status().restricted()).isTrue();
    assertThat(record.status().suggestion())
        .contains("api.test:443", "{\"host\": \"files\", \"guest\": \"/f\", \"read_only\": true}")
        .contains("\"guest\": \"/g\", \"read_only\": true}")
        .contains("\"guest\": \"/h\", \"read_only\": false}")
        .doesNotContain("/never")
        .contains("\"tls\": {\"ca_file\": \"files/x\"}")
        .doesNotContain("never.test");
  }

  @Test
  void aRefusalIsCountedAndToldNowAndThen() {
    CapabilityRecord record = record("");
    for (int i = 0; i < 100; i++) {
      record.add(0, denied(Operation.CONNECT, "db.test:5432", "db.test:5432"));
    }
    assertThat(told).extracting(Denial::count).containsExactly(1L, 10L, 100L);
    assertThat(record.status().denied())
        .singleElement()
        .satisfies(
            denial -> {
              assertThat(denial.count()).isEqualTo(100);
              assertThat(denial.operation()).isEqualTo("connect");
              assertThat(denial.lastAt()).isEqualTo(clock.instant());
            });
    assertThat(DenialText.of(told.get(1)))
        .isEqualTo(
            "was not allowed to connect to db.test:5432 (10 times so far): not listed; to allow it,"
                + " add to service.json: \"capabilities\": {\"outbound\": [\"db.test:5432\"]}");
  }

  @Test
  void saysWhenNothingCanAllowIt() {
    CapabilityRecord record = record("");
    record.add(0, denied(Operation.CONNECT, "169.254.169.254:80"));
    record.add(0, denied(Operation.BIND, "0.0.0.0:9100", "9100"));
    record.add(0, denied(Operation.RESOLVE, "api.test", "api.test"));
    assertThat(told.stream().map(DenialText::of))
        .satisfiesExactly(
            text -> assertThat(text).endsWith("nothing in service.json can allow it"),
            text -> assertThat(text).endsWith("\"capabilities\": {\"inbound\": [9100]}"),
            text -> assertThat(text).endsWith("(better with its port, such as \"api.test:443\")"));
  }

  @Test
  void aRefusedChangeNamesTheFolderToMakeWritable() {
    CapabilityRecord record =
        record(", \"capabilities\": {\"preopens\": [{\"host\": \"files\", \"guest\": \"/f\"}]}");
    record.add(0, denied(Operation.CHANGE, "/f", "/f"));
    record.add(0, denied(Operation.READ, "../x in /f"));
    assertThat(told.stream().map(DenialText::of))
        .containsExactly(
            "was not allowed to change things in /f: not listed; to allow it, add to service.json:"
                + " \"capabilities\": {\"preopens\": [{\"host\": \"files\", \"guest\": \"/f\","
                + " \"read_only\": false}]}",
            "was not allowed to read ../x in /f: not listed; nothing in service.json can allow it");
    assertThat(record.status().suggestion()).doesNotContain("/f");
  }

  @Test
  void listsAreBoundedAndTheRestIsCounted() {
    CapabilityRecord record = record("");
    for (int i = 0; i < CapabilityRecord.MOST + 5; i++) {
      record.add(0, used(Operation.CONNECT, "h" + i + ".test:1"));
      record.add(0, denied(Operation.CONNECT, "d" + i + ".test:1"));
    }
    CapabilityStatus status = record.status();
    assertThat(status.outbound()).hasSize(CapabilityRecord.MOST);
    assertThat(status.denied()).hasSize(CapabilityRecord.MOST);
    assertThat(told).hasSize(CapabilityRecord.MOST);
    assertThat(status.omitted()).isEqualTo(10);
  }

  @Test
  void tellsWhetherItChanged() {
    CapabilityRecord record = record("");
    record.add(0, used(Operation.CONNECT, "api.test:443"));
    assertThat(record.takeChange()).isTrue();
    record.add(0, used(Operation.CONNECT, "api.test:443"));
    assertThat(record.takeChange()).isFalse();
  }
}
