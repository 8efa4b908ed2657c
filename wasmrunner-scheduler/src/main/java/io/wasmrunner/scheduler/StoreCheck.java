package io.wasmrunner.scheduler;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import org.sqlite.SQLiteConfig;

/** Looks at a database without changing it. Blocks. */
public final class StoreCheck {
  private StoreCheck() {}

  /** Whether the data folder holds a database. */
  public static boolean exists(Path dataFolder) {
    return Files.exists(file(dataFolder));
  }

  /** What is wrong with the database of a data folder; empty when nothing is. */
  public static Optional<String> problem(Path dataFolder) {
    SQLiteConfig config = new SQLiteConfig();
    config.setReadOnly(true);
    try (Connection connection = config.createConnection("jdbc:sqlite:" + file(dataFolder));
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA busy_timeout = 2000");
      try (ResultSet found = statement.executeQuery("PRAGMA quick_check(1)")) {
        String answer = found.next() ? found.getString(1) : "no answer";
        return answer.equals("ok") ? Optional.empty() : Optional.of(answer);
      }
    } catch (SQLException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  private static Path file(Path dataFolder) {
    return dataFolder.resolve("wasmrunner.db");
  }
}
