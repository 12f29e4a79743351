package io.afterimage.base;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.TreeMap;

/** Which Afterimage this is. */
public final class Product {
  private static final String LIBRARY = "library.";

  private Product() {}

  /** The version, as the build wrote it. */
  public static String version() {
    return properties().getProperty("version");
  }

  /** The versions of the libraries that numbers depend on, by name. */
  public static Map<String, String> libraries() {
    Properties properties = properties();
    Map<String, String> libraries = new TreeMap<>();
    for (String key : properties.stringPropertyNames()) {
      if (key.startsWith(LIBRARY)) {
        libraries.put(key.substring(LIBRARY.length()), properties.getProperty(key));
      }
    }
    return libraries;
  }

  private static Properties properties() {
    Properties properties = new Properties();
    try (InputStream in = Product.class.getResourceAsStream("product.properties")) {
      properties.load(Objects.requireNonNull(in, "product.properties"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties;
  }
}
