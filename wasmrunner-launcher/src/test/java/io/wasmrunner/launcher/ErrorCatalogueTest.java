package io.wasmrunner.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/errors.md lists the codes that the sources have. */
final class ErrorCatalogueTest {
  private static final Path ROOT = Path.of("..");
  private static final Pattern CODE = Pattern.compile("WR-[0-9]{4}");

  /** Code, what happened, what to do; both again in Spanish. */
  private static final Pattern WHOLE_ROW =
      Pattern.compile("\\| WR-[0-9]{4}( \\| [^|\\s][^|]*){4} \\|");

  private final List<String> rows = rows();

  @Test
  void everyCodeHasExactlyOneRow() throws IOException {
    assertThat(rows.stream().map(ErrorCatalogueTest::code))
        .containsExactlyInAnyOrderElementsOf(codesOfTheSources());
  }

  @Test
  void rowsAreSorted() {
    assertThat(rows.stream().map(ErrorCatalogueTest::code).toList()).isSorted();
  }

  @Test
  void everyRowIsWholeInBothLanguages() {
    assertThat(rows).allMatch(row -> WHOLE_ROW.matcher(row).matches());
  }

  private static List<String> rows() {
    try {
      return Files.readAllLines(ROOT.resolve("docs/errors.md")).stream()
          .filter(line -> CODE.matcher(firstCell(line)).matches())
          .toList();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String code(String row) {
    return firstCell(row);
  }

  private static String firstCell(String line) {
    return line.startsWith("|") ? line.split("\\|", 3)[1].strip() : "";
  }

  private static Set<String> codesOfTheSources() throws IOException {
    Set<String> codes = new TreeSet<>();
    try (DirectoryStream<Path> modules = Files.newDirectoryStream(ROOT, "wasmrunner-*")) {
      for (Path module : modules) {
        Path sources = module.resolve("src/main/java");
        if (Files.isDirectory(sources)) {
          codes.addAll(codesBelow(sources));
        }
      }
    }
    return codes;
  }

  private static Set<String> codesBelow(Path sources) throws IOException {
    Set<String> codes = new TreeSet<>();
    try (Stream<Path> files = Files.walk(sources)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        if (file.toString().endsWith(".java")) {
          CODE.matcher(Files.readString(file))
              .results()
              .map(MatchResult::group)
              .forEach(codes::add);
        }
      }
    }
    return codes;
  }
}
