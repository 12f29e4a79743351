package io.afterimage.cli;

import io.afterimage.base.Product;
import picocli.CommandLine.IVersionProvider;

/** What {@code --version} prints. */
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    return new String[] {"afterimage " + Product.version()};
  }
}
