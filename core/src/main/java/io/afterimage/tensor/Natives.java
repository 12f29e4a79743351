package io.afterimage.tensor;

import io.afterimage.base.BadInputException;
import java.io.IOException;
import org.bytedeco.javacpp.Loader;

/**
 * Loads libtorch. Every library is unpacked before the first class of the binding is touched:
 * otherwise, on a machine that has another libtorch, the first start binds a mixture of both and
 * crashes.
 */
public final class Natives {
  private static volatile boolean loaded;

  private Natives() {}

  /**
   * Loads libtorch unless it is loaded. A BadInputException says so where this platform has none.
   */
  public static void load() {
    if (!loaded) {
      loadOnce();
    }
  }

  /** Whether libtorch exists for this platform and is on the class path. Loads nothing. */
  public static boolean available() {
    return Natives.class.getResource(folder("pytorch")) != null;
  }

  private static synchronized void loadOnce() {
    if (loaded) {
      return;
    }
    // Memory is freed by scopes. JavaCPP's own watch reads /proc at every allocation, and throws
    // once the process has grown past four times the Java heap, which ONNX Runtime alone can do.
    System.getProperties().putIfAbsent("org.bytedeco.javacpp.maxPhysicalBytes", "0");
    System.getProperties().putIfAbsent("org.bytedeco.javacpp.maxBytes", "0");
    requireAvailable(Loader.getPlatform());
    for (String library : new String[] {"javacpp", "openblas", "pytorch"}) {
      unpack(folder(library));
    }
    loaded = true;
  }

  static void requireAvailable(String platform) {
    if (Natives.class.getResource("/org/bytedeco/pytorch/" + platform + "/") == null) {
      throw new BadInputException(
          "libtorch is not available for "
              + platform
              + " (it is for linux-x86_64, macosx-arm64 and windows-x86_64); here only what needs"
              + " scores works: leave out white-box attacks and training");
    }
  }

  private static String folder(String library) {
    return "/org/bytedeco/" + library + "/" + Loader.getPlatform() + "/";
  }

  private static void unpack(String folder) {
    try {
      Loader.cacheResources(folder);
    } catch (IOException e) {
      throw new BadInputException(
          "cannot unpack libtorch to the cache folder (set -Dorg.bytedeco.javacpp.cachedir to a"
              + " folder with 1 GB free): "
              + e.getMessage(),
          e);
    }
  }
}
