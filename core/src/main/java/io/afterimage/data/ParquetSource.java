package io.afterimage.data;

import static java.util.stream.Collectors.joining;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A Parquet file, read by DuckDB in a process of ours: with bounded memory, without its fetching of
 * extensions, and with access to this one file alone.
 */
final class ParquetSource implements TableSource {
  private static final String MEMORY = "512MB";
  private static final Set<String> NESTED = Set.of("STRUCT", "MAP", "UNION", "BLOB", "VARIANT");

  private final InputFile file;
  private final String location;
  private final List<String> columns;
  private final Set<String> texts = new LinkedHashSet<>();

  ParquetSource(InputFile file, List<String> notices) {
    this.file = file.checkedFile();
    this.location = location(file);
    List<String> names = new ArrayList<>();
    query(
        "SELECT * FROM read_parquet(?, hive_partitioning = false) LIMIT 0",
        result -> {
          ResultSetMetaData head = result.getMetaData();
          if (head.getColumnCount() > Limits.COLUMNS) {
            throw file.bad("has more than %,d columns", Limits.COLUMNS);
          }
          for (int c = 1; c <= head.getColumnCount(); c++) {
            names.add(head.getColumnName(c));
            declare(head.getColumnName(c), head.getColumnTypeName(c));
          }
        });
    this.columns = ColumnNames.checked(file, names, notices);
  }

  @Override
  public InputFile file() {
    return file;
  }

  @Override
  public List<String> columns() {
    return columns;
  }

  @Override
  public Set<String> texts() {
    return texts;
  }

  @Override
  public void forEach(RowVisitor visitor) {
    String cells =
        columns.stream()
            .map(name -> "CAST(\"" + name.replace("\"", "\"\"") + "\" AS VARCHAR)")
            .collect(joining(", "));
    query(
        "SELECT " + cells + " FROM read_parquet(?, hive_partitioning = false)",
        result -> {
          Cells row = new Cells(columns.size());
          while (result.next()) {
            row.read(result);
            visitor.row(row);
          }
        });
  }

  /** DuckDB would expand wildcards, and read files that nobody named. */
  private static String location(InputFile file) {
    String location = file.path().toAbsolutePath().toString();
    if (location.chars().anyMatch(c -> c == '*' || c == '?' || c == '[' || c == '\'')) {
      throw file.bad("its path holds one of * ? [ '; rename it");
    }
    return location;
  }

  private void declare(String name, String type) {
    boolean nested = type.endsWith("]") || NESTED.stream().anyMatch(type::startsWith);
    if (nested) {
      throw file.bad(
          "column %s is of type %s; only flat columns make a table",
          Show.quoted(name), Show.quoted(type));
    }
    boolean number =
        type.matches("U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|FLOAT|DOUBLE|DECIMAL.*|UINTEGER");
    if (!number) {
      texts.add(name);
    }
  }

  private void query(String sql, ResultReader reader) {
    try (Connection connection = connect();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, location);
      try (ResultSet result = statement.executeQuery()) {
        reader.read(result);
      }
    } catch (SQLException e) {
      throw file.unreadable("Parquet", e);
    }
  }

  private Connection connect() throws SQLException {
    Properties settings = new Properties();
    settings.setProperty("jdbc_stream_results", "true");
    settings.setProperty("memory_limit", MEMORY);
    settings.setProperty("threads", "1");
    settings.setProperty("autoinstall_known_extensions", "false");
    settings.setProperty("autoload_known_extensions", "false");
    settings.setProperty("temp_directory", temporaryFolder().toString());
    Connection connection = DriverManager.getConnection("jdbc:duckdb:", settings);
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET allowed_paths = ['" + location + "']");
      statement.execute("SET enable_external_access = false");
      statement.execute("SET lock_configuration = true");
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  private static Path temporaryFolder() {
    Path folder = Path.of(System.getProperty("java.io.tmpdir"));
    return Files.isDirectory(folder) ? folder : Path.of(".");
  }

  private interface ResultReader {
    void read(ResultSet result) throws SQLException;
  }

  private final class Cells implements Row {
    private final @Nullable String[] texts;
    private long line;

    Cells(int count) {
      texts = new @Nullable String[count];
    }

    void read(ResultSet result) throws SQLException {
      line++;
      for (int c = 0; c < texts.length; c++) {
        texts[c] = checked(result.getString(c + 1));
      }
    }

    private @Nullable String checked(@Nullable String text) {
      if (text != null && (text.length() > Limits.CELL_CHARACTERS || text.indexOf(0) >= 0)) {
        throw file.bad(
            "row %d holds a text with a NUL or of more than %,d characters",
            line, Limits.CELL_CHARACTERS);
      }
      return text;
    }

    @Override
    public long line() {
      return line;
    }

    @Override
    public @Nullable String cell(int column) {
      return texts[column];
    }
  }
}
