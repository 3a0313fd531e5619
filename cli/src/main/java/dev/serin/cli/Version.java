package dev.serin.cli;

import java.util.Objects;
import picocli.CommandLine;

/// The version as built into the jar.
final class Version implements CommandLine.IVersionProvider {

  static String text() {
    return Objects.requireNonNullElse(Main.class.getPackage().getImplementationVersion(), "dev");
  }

  @Override
  public String[] getVersion() {
    return new String[] {"canary " + text()};
  }
}
