package io.wasmrunner.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.wasmrunner.launcher.Finding.Status;
import io.wasmrunner.launcher.Patient.Jvm;
import io.wasmrunner.launcher.TestingCommands.Ran;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Every check, by breaking what it looks at. */
final class DoctorTest {
  private static final long GIB = 1L << 30;
  private static final Jvm FINE = jvm(25, true, GIB, 64 * GIB, "UTF-8", Path.of("/"));
  private static final byte[] EMPTY_MODULE = {0, 'a', 's', 'm', 1, 0, 0, 0};

  @TempDir private Path folder;
  private final Map<Setting, String> settings = new EnumMap<>(Setting.class);
  private Clock clock = Clock.systemUTC();
  private Jvm jvm = FINE;
  private Path proc = Path.of("/proc");

  @BeforeEach
  void start() throws IOException {
    jvm = jvm(25, true, GIB, 64 * GIB, "UTF-8", folder);
    settings.put(Setting.SERVICES, Files.createDirectory(folder.resolve("services")).toString());
    settings.put(Setting.DATA_DIR, folder.resolve("data").toString());
    settings.put(Setting.PLUGINS, folder.resolve("plugins").toString());
    settings.put(Setting.PORT, "0");
  }

  private static Jvm jvm(
      int version, boolean huge, long heap, long machine, String encoding, Path temporary) {
    return new Jvm(version, huge, false, heap, machine, encoding, encoding, temporary);
  }

  /** What one check says about a services folder. */
  static Finding look(String id, Path services, Path folder) {
    Map<Setting, String> settings = new EnumMap<>(Setting.class);
    settings.put(Setting.SERVICES, services.toString());
    settings.put(Setting.DATA_DIR, folder.resolve("data").toString());
    settings.put(Setting.PLUGINS, folder.resolve("plugins").toString());
    return look(id, patient(settings, FINE, Path.of("/proc"), Clock.systemUTC()));
  }

  private static Patient patient(Map<Setting, String> settings, Jvm jvm, Path proc, Clock clock) {
    return new Patient(
        () ->
            ConfigurationLoader.load(
                Path.of("none", "wasmrunner.json"), false, Map.of(), Map.of(), settings),
        jvm,
        proc,
        name -> Optional.empty(),
        clock);
  }

  private static Finding look(String id, Patient patient) {
    Check check =
        Checkup.checks().stream().filter(each -> each.id().equals(id)).findFirst().orElseThrow();
    return check.look().apply(patient);
  }

  private Finding look(String id) {
    return look(id, patient(settings, jvm, proc, clock));
  }

  private void expect(String id, Status status, String words) {
    Finding found = look(id);
    assertThat(found.status() + " " + found.words())
        .as(found.toString())
        .isEqualTo(status + " " + words);
    for (String language : DoctorWords.LANGUAGES) {
      DoctorWords in = new DoctorWords(language);
      assertThat(in.found(found)).isNotEqualTo(id).doesNotContain("{0");
      boolean needsFix = status == Status.WARNING || status == Status.ERROR;
      assertThat(in.fix(found).isEmpty()).isEqualTo(!needsFix);
    }
  }

  private Path data(String name) throws IOException {
    return Files.createDirectories(folder.resolve("data")).resolve(name);
  }

  private void service(String name, String json) throws IOException {
    Path config =
        Files.createDirectories(folder.resolve("services").resolve(name).resolve("config"));
    Files.writeString(config.resolve("service.json"), json);
    Files.write(folder.resolve("services").resolve(name).resolve(name + ".wasm"), EMPTY_MODULE);
  }

  private void service(String name, int port, String more) throws IOException {
    service(
        name, "{\"prefix\":\"%s\",\"url\":\"http://127.0.0.1:%d\"%s}".formatted(name, port, more));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  /* ---- Java ---- */

  @Test
  void java() {
    expect("java.version", Status.OK, "ok");
    expect("java.jit_flag", Status.OK, "ok");
    expect("java.heap", Status.OK, "ok");
    expect("java.encoding", Status.OK, "ok");
    jvm = jvm(99, false, 64 << 20, 64 * GIB, "ANSI_X3.4-1968", folder);
    expect("java.version", Status.WARNING, "newer");
    expect("java.jit_flag", Status.WARNING, "slow");
    expect("java.heap", Status.WARNING, "small");
    expect("java.encoding", Status.WARNING, "other");
  }

  @Test
  void temporaryFolder() throws IOException {
    expect("java.temporary_folder", Status.OK, "ok");
    proc = Files.createDirectories(folder.resolve("proc"));
    Files.writeString(
        proc.resolve("mounts"),
        "x / ext4 rw 0 0\ny " + folder.toRealPath() + " tmpfs rw,noexec 0 0\n");
    expect("java.temporary_folder", Status.WARNING, "noexec");
    jvm = jvm(25, true, GIB, GIB, "UTF-8", folder.resolve("none"));
    expect("java.temporary_folder", Status.ERROR, "unwritable");
  }

  /* ---- Machine ---- */

  @Test
  void memory() throws IOException {
    service("big", freePort(), ",\"memory_limit_mb\":4000,\"runners\":4");
    expect("machine.memory", Status.OK, "ok");
    jvm = jvm(25, true, GIB, 8 * GIB, "UTF-8", folder);
    expect("machine.memory", Status.WARNING, "little");
    expect("machine.guest_budget", Status.SKIPPED, "unset");
    settings.put(Setting.GUEST_MEMORY_BUDGET_MB, "20000");
    expect("machine.guest_budget", Status.OK, "ok");
    settings.put(Setting.GUEST_MEMORY_BUDGET_MB, "1000");
    expect("machine.guest_budget", Status.WARNING, "exceeded");
  }

  @Test
  void proc() throws IOException {
    proc = folder.resolve("proc");
    expect("machine.proc", Status.WARNING, "missing");
    expect("machine.descriptors", Status.SKIPPED, "unknown");
    Files.createDirectories(proc.resolve("self"));
    Files.writeString(proc.resolve("self/stat"), "1 (java)");
    Files.writeString(
        proc.resolve("self/limits"),
        """
        Limit                     Soft Limit           Hard Limit           Units
        Max open files            256                  4096                 files
        """);
    expect("machine.proc", Status.OK, "ok");
    expect("machine.descriptors", Status.WARNING, "few");
    Files.writeString(
        proc.resolve("self/limits"), "Max open files   unlimited  unlimited  files\n");
    expect("machine.descriptors", Status.OK, "ok");
  }

  @Test
  void clockInThePastOrBehind() throws IOException {
    expect("machine.clock", Status.OK, "ok");
    Path database = Files.writeString(data("wasmrunner.db"), "");
    Files.setLastModifiedTime(database, FileTime.from(clock.instant().plus(Duration.ofHours(1))));
    expect("machine.clock", Status.WARNING, "behind");
    clock = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);
    expect("machine.clock", Status.ERROR, "past");
  }

  /* ---- Configuration ---- */

  @Test
  void configuration() throws IOException {
    expect("configuration.valid", Status.OK, "ok");
    expect("configuration.address", Status.OK, "ok");
    settings.put(Setting.HOST, "0.0.0.0");
    expect("configuration.address", Status.ERROR, "refused");
    settings.put(Setting.INSECURE_BIND, "true");
    expect("configuration.address", Status.WARNING, "open");
    settings.put(Setting.PORT, "nonsense");
    expect("configuration.valid", Status.ERROR, "wrong");
    expect("configuration.address", Status.SKIPPED, "unknown");
  }

  @Test
  void unknownKeys() throws IOException {
    expect("configuration.unknown_keys", Status.OK, "ok");
    Path file = Files.writeString(folder.resolve("wasmrunner.json"), "{\"prot\": 1}");
    Patient patient =
        new Patient(
            () -> ConfigurationLoader.load(file, true, Map.of(), Map.of(), settings),
            jvm,
            proc,
            name -> Optional.empty(),
            clock);
    assertThat(look("configuration.unknown_keys", patient).status()).isEqualTo(Status.ERROR);
    assertThat(look("configuration.unknown_keys", patient).arguments().toString())
        .contains("did you mean");
  }

  @Test
  void portOfTheEntryPoint() throws IOException {
    expect("configuration.port", Status.SKIPPED, "chosen");
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      settings.put(Setting.PORT, Integer.toString(taken.getLocalPort()));
      expect("configuration.port", Status.ERROR, "taken");
    }
    expect("configuration.port", Status.OK, "ok");
  }

  @Test
  void plugins() throws IOException {
    expect("configuration.plugins", Status.OK, "ok");
    Files.writeString(
        Files.createDirectories(folder.resolve("plugins")).resolve("torn.jar"), "no jar");
    expect("configuration.plugins", Status.ERROR, "broken");
  }

  /* ---- TLS ---- */

  @Test
  void tls() throws Exception {
    expect("tls.files", Status.SKIPPED, "unset");
    Path certificate = certificate(40);
    Path key = Files.writeString(folder.resolve("key.pem"), "-----BEGIN PRIVATE KEY-----\n");
    settings.put(Setting.TLS_CERTIFICATE, certificate.toString());
    expect("tls.files", Status.ERROR, "half");
    settings.put(Setting.TLS_KEY, key.toString());
    expect("tls.files", Status.OK, "ok");
    expect("tls.expiry", Status.OK, "ok");
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
    expect("tls.key_permissions", Status.WARNING, "open");
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
    expect("tls.key_permissions", Status.OK, "ok");
    clock = Clock.offset(Clock.systemUTC(), Duration.ofDays(20));
    expect("tls.expiry", Status.WARNING, "soon");
    clock = Clock.offset(Clock.systemUTC(), Duration.ofDays(50));
    expect("tls.expiry", Status.ERROR, "expired");
    clock = Clock.offset(Clock.systemUTC(), Duration.ofDays(-5));
    expect("tls.expiry", Status.ERROR, "early");
    Files.writeString(key, "nothing");
    expect("tls.files", Status.ERROR, "no_key");
    Files.writeString(certificate, "nothing");
    expect("tls.files", Status.ERROR, "unreadable");
  }

  private Path certificate(int days) throws Exception {
    Path store = folder.resolve("store.p12");
    Path file = folder.resolve("certificate.pem");
    String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    for (List<String> command :
        List.of(
            List.of(
                keytool,
                "-genkeypair",
                "-alias",
                "a",
                "-keyalg",
                "EC",
                "-dname",
                "CN=a",
                "-validity",
                Integer.toString(days),
                "-storepass",
                "password",
                "-keystore",
                store.toString()),
            List.of(
                keytool,
                "-exportcert",
                "-rfc",
                "-alias",
                "a",
                "-storepass",
                "password",
                "-keystore",
                store.toString(),
                "-file",
                file.toString()))) {
      assertThat(
              new ProcessBuilder(command)
                  .redirectErrorStream(true)
                  .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                  .start()
                  .waitFor())
          .isZero();
    }
    return file;
  }

  /* ---- Data ---- */

  @Test
  void dataFolder() throws IOException {
    expect("data.folder", Status.OK, "ok");
    Files.writeString(folder.resolve("file"), "x");
    settings.put(Setting.DATA_DIR, folder.resolve("file").toString());
    expect("data.folder", Status.ERROR, "unwritable");
  }

  @Test
  void permissionsAndDisk() throws IOException {
    expect("data.permissions", Status.SKIPPED, "absent");
    Path data = Files.createDirectories(folder.resolve("data"));
    Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxrwxrwx"));
    expect("data.permissions", Status.WARNING, "open");
    Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwx------"));
    expect("data.permissions", Status.OK, "ok");
    assertThat(DataChecks.disk(50L << 20).status()).isEqualTo(Status.ERROR);
    assertThat(DataChecks.disk(500L << 20).status()).isEqualTo(Status.WARNING);
    assertThat(DataChecks.disk(5000L << 20).status()).isEqualTo(Status.OK);
  }

  @Test
  void database() throws IOException {
    expect("data.database", Status.SKIPPED, "absent");
    Files.writeString(data("wasmrunner.db"), "this is no database, whatever it is. ".repeat(100));
    expect("data.database", Status.ERROR, "damaged");
  }

  @Test
  void cacheAndLogs() throws IOException {
    expect("data.cache", Status.SKIPPED, "absent");
    Path cache = Files.createDirectories(data("cache"));
    expect("data.cache", Status.OK, "ok");
    Files.write(cache.resolve("key"), new byte[32]);
    Files.writeString(cache.resolve("sha256-1.wasmcode"), "damaged".repeat(20));
    expect("data.cache", Status.WARNING, "damaged");
    expect("data.logs", Status.SKIPPED, "absent");
    Files.writeString(data("logs"), "a file");
    expect("data.logs", Status.WARNING, "unwritable");
  }

  /* ---- Services ---- */

  @Test
  void servicesFolder() throws IOException {
    expect("services.folder", Status.WARNING, "empty");
    service("one", freePort(), "");
    expect("services.folder", Status.OK, "ok");
    settings.put(Setting.SERVICES, folder.resolve("none").toString());
    expect("services.folder", Status.ERROR, "missing");
  }

  @Test
  void invalidServicesAndUnknownKeys() throws IOException {
    service("one", freePort(), "");
    expect("services.valid", Status.OK, "ok");
    expect("services.unknown_keys", Status.OK, "ok");
    service("two", freePort(), ",\"runers\":2");
    expect("services.valid", Status.ERROR, "invalid");
    expect("services.unknown_keys", Status.WARNING, "found");
  }

  @Test
  void clashes() throws IOException {
    int port = freePort();
    service("one", port, "");
    expect("services.ports", Status.OK, "ok");
    expect("services.prefixes", Status.OK, "ok");
    service("two", port, "");
    expect("services.ports", Status.ERROR, "clash");
    service("three", "{\"prefix\":\"one\",\"url\":\"http://127.0.0.1:%d\"}".formatted(freePort()));
    expect("services.prefixes", Status.ERROR, "clash");
  }

  @Test
  void portsOfRunners() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      service("one", taken.getLocalPort(), "");
      expect("services.ports_free", Status.ERROR, "taken");
    }
    expect("services.ports_free", Status.OK, "ok");
  }

  @Test
  void contracts() throws IOException {
    service("one", freePort(), ",\"schedules\":[{\"endpoint\":\"/gone\",\"interval_secs\":60}]");
    expect("services.contracts_present", Status.WARNING, "missing");
    Path openapi = folder.resolve("services/one/openapi.json");
    Files.writeString(
        openapi,
        "{\"openapi\":\"3.0.3\",\"info\":{\"title\":\"t\",\"version\":\"1\"},\"paths\":{\"/x\":{\"get\":"
            + "{\"responses\":{\"200\":{\"description\":\"x\"}}}}}}");
    expect("services.contracts_present", Status.OK, "ok");
    expect("services.schedules", Status.WARNING, "nowhere");
    expect("services.contracts_valid", Status.OK, "ok");
    Files.writeString(openapi, "{\"openapi\":\"3.0.3\"}");
    expect("services.contracts_valid", Status.ERROR, "wrong");
  }

  @Test
  void secretsAndPrograms() throws IOException {
    service("one", freePort(), ",\"secrets\":{\"TOKEN\":{\"env\":\"SURELY_NOT_SET_ANYWHERE\"}}");
    expect("services.secrets", Status.ERROR, "unreadable");
    service(
        "one",
        freePort(),
        ",\"launcher\":{\"name\":\"wasmedge\",\"executable\":\"/nowhere/wasmedge\"}");
    expect("services.secrets", Status.OK, "ok");
    expect("services.programs", Status.ERROR, "missing");
  }

  @Test
  void modules() throws IOException {
    expect("modules.imports", Status.OK, "ok");
    service("one", freePort(), "");
    Files.writeString(folder.resolve("services/one/one.wasm"), "\0asm no module");
    expect("modules.imports", Status.ERROR, "refused");
    expect("modules.hints", Status.OK, "ok");
  }

  /* ---- The whole ---- */

  @Test
  void thereAreManyChecksWithDistinctNamesAndWordsInBothLanguages() {
    List<String> ids = Checkup.checks().stream().map(Check::id).toList();
    assertThat(ids).doesNotHaveDuplicates().hasSizeGreaterThanOrEqualTo(25);
    assertThat(new DoctorWords("en").keys()).isEqualTo(new HashSet<>(new DoctorWords("es").keys()));
    for (String id : ids) {
      assertThat(new DoctorWords("en").keys()).contains(id + ".ok");
    }
  }

  @Test
  void theExitStatusIsThatOfTheWorst() {
    Finding fine = Finding.ok("a");
    Finding skipped = Finding.skipped("b", "x");
    Finding warning = Finding.warning("c", "x");
    Finding error = Finding.error("d", "x");
    assertThat(DoctorCommand.exitStatus(List.of(fine, skipped))).isZero();
    assertThat(DoctorCommand.exitStatus(List.of(warning, fine))).isEqualTo(1);
    assertThat(DoctorCommand.exitStatus(List.of(error, warning))).isEqualTo(2);
  }

  @Test
  void theReportIsTextOrJson() throws IOException {
    service("two", freePort(), ",\"runers\":2");
    String services = folder.resolve("services").toString();
    String data = folder.resolve("data").toString();
    Ran text =
        TestingCommands.run(
            "doctor", "--lang", "es", "--services", services, "--data-dir", data, "--port", "0");
    assertThat(text.status()).isEqualTo(2);
    assertThat(text.out()).contains("ERROR    services.valid", "Arreglo: ", "comprobaciones");
    Ran json =
        TestingCommands.run(
            "doctor", "--json", "--services", services, "--data-dir", data, "--port", "0");
    JsonNode report = new JsonMapper().readTree(json.out());
    assertThat(report.path("status").asString()).isEqualTo("error");
    assertThat(report.path("checks").size()).isEqualTo(Checkup.checks().size());
    assertThat(TestingCommands.run("doctor", "--lang", "fr").status()).isEqualTo(2);
    assertThat(Files.exists(folder.resolve("data"))).isFalse();
  }
}
