package io.wasmrunner.wasi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.dylibso.chicory.wabt.Wat2Wasm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class EngineTest {
  private static final String START = "(func (export \"_start\"))";

  @TempDir private Path folder;
  private Engine engine;

  @BeforeEach
  void create() {
    engine = TestingGuests.interpreter(folder);
  }

  @AfterEach
  void close() {
    engine.close();
  }

  @Test
  void describesAModule() throws Exception {
    byte[] wasm =
        Wat2Wasm.parse(
            "(module (import \"wasi_snapshot_preview1\" \"clock_time_get\""
                + " (func (param i32 i64 i32) (result i32)))"
                + " (memory (export \"memory\") 3 17) "
                + START
                + ")");
    Module module = engine.load(TestingModules.bytes(folder, wasm));
    assertThat(module.digest())
        .isEqualTo(
            "sha256:"
                + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(wasm)));
    assertThat(module.sizeBytes()).isEqualTo(wasm.length);
    assertThat(module.initialPages()).isEqualTo(3);
    assertThat(module.maximumPages()).hasValue(17);
    assertThat(module.imports())
        .containsExactly(
            new ModuleImport("wasi_snapshot_preview1", "clock_time_get", "(i32, i64, i32) -> i32"));
    assertThat(module.codeState()).isEqualTo(CodeState.INTERPRETED);
    assertThat(TestingGuests.get(module.compiled())).isEqualTo(CodeState.INTERPRETED);
  }

  @Test
  void theSameContentIsTheSameModule() throws IOException {
    Path first = TestingModules.wat(folder, "(module " + START + ")");
    Path copy = Files.copy(first, folder.resolve("copy.wasm"));
    Path other = TestingModules.wat(folder, "(module (memory 1) " + START + ")");
    Module module = engine.load(first);
    assertThat(engine.load(copy)).isSameAs(module);
    assertThat(engine.load(other)).isNotSameAs(module);
  }

  @Test
  void refusesAMissingFile() {
    fails(folder.resolve("none.wasm"), "WR-6001", "none.wasm", "does not exist");
    fails(folder, "WR-6001", "cannot be read");
  }

  @Test
  void refusesWhatIsNoModule() {
    fails(TestingModules.bytes(folder, new byte[0]), "WR-6002", "empty");
    fails(
        TestingModules.bytes(folder, "(module)".getBytes(java.nio.charset.StandardCharsets.UTF_8)),
        "WR-6002",
        "28 6d 6f 64");
    fails(bytes("0061736d02000000"), "WR-6002", "02000000");
  }

  @Test
  void tellsAComponentFromAModule() {
    fails(bytes("0061736d0d000100"), "WR-6003", "component", "wasm32-wasip1");
  }

  @Test
  void refusesAModuleThatIsCutOffAnywhere() {
    byte[] whole =
        Wat2Wasm.parse(
            "(module (memory 1) (func (export \"_start\") (drop (i32.load (i32.const 8)))))");
    for (int length = 9; length < whole.length; length++) {
      Path cut = TestingModules.bytes(folder, Arrays.copyOf(whole, length));
      ModuleException e = catchThrowableOfType(ModuleException.class, () -> engine.load(cut));
      assertThat(e).as("cut at %d of %d", length, whole.length).isNotNull();
      assertThat(e.code()).isIn("WR-6005", "WR-6007");
    }
    assertThat(engine.load(TestingModules.bytes(folder, whole))).isNotNull();
  }

  @Test
  void refusesABodyThatDoesNotValidate() {
    byte[] wasm = Wat2Wasm.parse("(module (func (export \"_start\") (drop (i32.const 1))))");
    wasm[wasm.length - 2] = 0x45; // i32.eqz in place of drop leaves a value behind
    fails(TestingModules.bytes(folder, wasm), "WR-6005", "damaged");
  }

  @Test
  void survivesEveryChangedByte() {
    byte[] whole = Wat2Wasm.parse("(module (table 1 funcref) (memory 1) " + START + ")");
    for (int at = 8; at < whole.length; at++) {
      for (int value : new int[] {0, 1, 0x7f, 0x80, 0xff}) {
        byte[] changed = whole.clone();
        changed[at] = (byte) value;
        Path file = TestingModules.bytes(folder, changed);
        try {
          engine.load(file);
        } catch (ModuleException e) {
          assertThat(e.getMessage()).startsWith("WR-6");
        }
      }
    }
  }

  @Test
  void listsAllUnknownImportsWithTheNearestName() {
    Path file =
        TestingModules.wat(
            folder,
            """
            (module
              (import "wasi_snapshot_preview1" "sock_opn" (func (param i32 i32 i32) (result i32)))
              (import "wasi_snapshot_preview1" "fd_write" (func (param i32) (result i32)))
              (import "wasi_nn" "load" (func (param i32) (result i32)))
              (import "env" "memory" (memory 1))
              (func (export "_start")))
            """);
    fails(
        file,
        "WR-6006",
        "4 imports",
        "sock_opn (did you mean sock_open?)",
        "fd_write(i32) -> i32 (the host's is (i32, i32, i32, i32) -> i32)",
        "wasi_nn.load (this host module is unknown)",
        "env.memory (a memory");
  }

  @Test
  void refusesFeaturesThatItDoesNotSupport() {
    String start = START + ")";
    fails(
        TestingModules.wat(folder, "(module (table 262145 funcref)" + start), "WR-6012", "262144");
    fails(
        TestingModules.wat(folder, "(module " + "(table 1 funcref)".repeat(17) + start),
        "WR-6012",
        "16 tables");
    fails(
        bytes("0061736d010000000106026000005f000302010007" + "0a01065f737461727400000a040102000b"),
        "WR-6012",
        "garbage-collected");
    fails(
        TestingModules.program(folder, "", "(drop (v128.const i64x2 1 2))"),
        "WR-6012",
        "V128_CONST",
        "simd128");
  }

  @Test
  void aHostileImportNameDoesNotReachTheTerminal() {
    Path file =
        TestingModules.wat(
            folder,
            "(module (import \"a\\1b[31m\" \""
                + "x".repeat(5_000)
                + "\\0a\" (func)) "
                + START
                + ")");
    assertThatThrownBy(() -> engine.load(file))
        .isInstanceOf(ModuleException.class)
        .hasMessageContaining("a?[31m.xxx")
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(600));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(module)",
        "(module (func (export \"_initialize\")))",
        "(module (func (export \"_start\") (param i32)))",
        "(module (memory (export \"_start\") 1))"
      })
  void refusesAModuleWithoutAStartFunction(String text) {
    fails(TestingModules.wat(folder, text), "WR-6007", "_start");
  }

  /** The list is written out here, so that a function that is lost is missed. */
  @Test
  void everyFunctionLinksInEveryForm() {
    List<String> wanted =
        List.of(
            "args_get ii",
            "args_sizes_get ii",
            "environ_get ii",
            "environ_sizes_get ii",
            "clock_res_get ii",
            "clock_time_get iIi",
            "fd_advise iIIi",
            "fd_allocate iII",
            "fd_close i",
            "fd_datasync i",
            "fd_fdstat_get ii",
            "fd_fdstat_set_flags ii",
            "fd_fdstat_set_rights iII",
            "fd_filestat_get ii",
            "fd_filestat_set_size iI",
            "fd_filestat_set_times iIIi",
            "fd_pread iiiIi",
            "fd_prestat_get ii",
            "fd_prestat_dir_name iii",
            "fd_pwrite iiiIi",
            "fd_read iiii",
            "fd_readdir iiiIi",
            "fd_renumber ii",
            "fd_seek iIii",
            "fd_sync i",
            "fd_tell ii",
            "fd_write iiii",
            "path_create_directory iii",
            "path_filestat_get iiiii",
            "path_filestat_set_times iiiiIIi",
            "path_link iiiiiii",
            "path_open iiiiiIIii",
            "path_readlink iiiiii",
            "path_remove_directory iii",
            "path_rename iiiiii",
            "path_symlink iiiii",
            "path_unlink_file iii",
            "poll_oneoff iiii",
            "epoll_oneoff iiii",
            "proc_raise i",
            "sched_yield ",
            "random_get ii",
            "sock_open iii",
            "sock_open_v2 iii",
            "sock_bind iii",
            "sock_bind_v2 iii",
            "sock_connect iii",
            "sock_connect_v2 iii",
            "sock_listen ii",
            "sock_listen_v2 ii",
            "sock_accept ii",
            "sock_accept iii",
            "sock_accept_v2 iii",
            "sock_recv iiiiii",
            "sock_recv_v2 iiiiii",
            "sock_recv_from iiiiiii",
            "sock_recv_from iiiiiiii",
            "sock_recv_from_v2 iiiiiiii",
            "sock_send iiiii",
            "sock_send_v2 iiiii",
            "sock_send_to iiiiiii",
            "sock_send_to_v2 iiiiiii",
            "sock_shutdown ii",
            "sock_getsockopt iiiii",
            "sock_setsockopt iiiii",
            "sock_getlocaladdr iiii",
            "sock_getlocaladdr iii",
            "sock_getlocaladdr_v2 iii",
            "sock_getpeeraddr iiii",
            "sock_getpeeraddr iii",
            "sock_getpeeraddr_v2 iii",
            "sock_getaddrinfo iiiiiiii");
    StringBuilder text = new StringBuilder("(module ");
    for (String function : wanted) {
      int space = function.indexOf(' ');
      text.append("(import \"wasi_snapshot_preview1\" \"")
          .append(function, 0, space)
          .append("\" (func ");
      function
          .substring(space + 1)
          .chars()
          .forEach(letter -> text.append(letter == 'i' ? "(param i32)" : "(param i64)"));
      text.append("(result i32)))");
    }
    text.append("(import \"wasi_snapshot_preview1\" \"proc_exit\" (func (param i32)))");
    Module module = engine.load(TestingModules.wat(folder, text + START + ")"));
    assertThat(module.imports()).hasSize(wanted.size() + 1);
    assertThat(TestingGuests.run(module)).isEqualTo(new GuestExit.Exited(0));
  }

  @Test
  void aProgramThatIsOverSoonIsNotCompiled() {
    Engine engine = TestingGuests.compiler(folder);
    Module module = engine.load(TestingModules.program(folder, "", ""), Duration.ofDays(1));
    assertThat(TestingGuests.run(module)).isEqualTo(new GuestExit.Exited(0));
    assertThat(module.codeState()).isEqualTo(CodeState.COMPILING);

    engine.close();

    assertThat(TestingGuests.get(module.compiled())).isEqualTo(CodeState.INTERPRETED);
    assertThat(engine.compilations()).isZero();
  }

  @Test
  void theEngineVersionInCacheKeysIsTheOneOnTheClassPath() throws IOException {
    try (var in =
        getClass().getResourceAsStream("/META-INF/maven/run.endive/compiler/pom.properties")) {
      var properties = new java.util.Properties();
      properties.load(in);
      assertThat("endive-" + properties.getProperty("version")).isEqualTo(JvmCode.ENGINE);
    }
  }

  private Path bytes(String hex) {
    return TestingModules.bytes(folder, HexFormat.of().parseHex(hex));
  }

  private void fails(Path file, String code, String... texts) {
    assertThatThrownBy(() -> engine.load(file))
        .isInstanceOfSatisfying(
            ModuleException.class,
            e -> {
              assertThat(e.code()).isEqualTo(code);
              assertThat(e).hasMessageStartingWith(code).hasMessageContainingAll(texts);
              assertThat(e.fix()).isNotBlank();
            });
  }
}
