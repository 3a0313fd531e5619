package dev.serin.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Prints a script that lets a shell complete our commands.
@Command(
    name = "completion",
    description = "Prints the script by which a shell completes commands and flags.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  source <(canary completion bash)                     for this shell",
      "  canary completion bash > /etc/bash_completion.d/canary",
      "  echo 'source <(canary completion zsh)' >> ~/.zshrc"
    })
final class CompletionCommand implements Callable<Integer> {

  /// Shells that have a script.
  enum Shell {
    bash,
    zsh
  }

  @SuppressWarnings("UnusedVariable") // both take the same script; others are refused
  @Parameters(paramLabel = "SHELL", description = "bash or zsh.")
  private Shell shell = Shell.bash;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    if (spec != null) {
      var root = spec.root().commandLine();
      // zsh takes the same script: it begins by loading bashcompinit there.
      spec.commandLine().getOut().print(AutoComplete.bash("canary", root));
      spec.commandLine().getOut().flush();
    }
    return 0;
  }
}
