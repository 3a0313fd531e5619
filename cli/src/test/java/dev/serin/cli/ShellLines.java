package dev.serin.cli;

import java.util.ArrayList;
import java.util.List;

/// Takes shell snippets of documentation apart, as far as those go: words, quotes, pipes, `&&`,
/// lines that go on after a backslash, comments.
final class ShellLines {
  private ShellLines() {}

  /// The words of each simple command. Redirections are left out.
  static List<List<String>> commands(String script) {
    var commands = new ArrayList<List<String>>();
    var words = new ArrayList<String>();
    var word = new StringBuilder();
    var inWord = false;
    char quote = 0;
    var text = script.replace("\\\n", " ") + "\n";
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (quote != 0) {
        if (c == quote) {
          quote = 0;
        } else {
          word.append(c);
        }
      } else if (c == '\'' || c == '"') {
        quote = c;
        inWord = true;
      } else if (c == '#' && !inWord) {
        i = text.indexOf('\n', i) - 1;
      } else if (Character.isWhitespace(c) || "|&;()<>".indexOf(c) >= 0) {
        if (inWord) {
          words.add(word.toString());
          word.setLength(0);
          inWord = false;
        }
        if (c == '>' || c == '<') {
          words.add(String.valueOf(c));
        } else if (c == '\n' || "|&;()".indexOf(c) >= 0) {
          if (!words.isEmpty()) {
            commands.add(withoutRedirections(words));
            words.clear();
          }
        }
      } else {
        word.append(c);
        inWord = true;
      }
    }
    return commands;
  }

  private static List<String> withoutRedirections(List<String> words) {
    var kept = new ArrayList<String>();
    for (int i = 0; i < words.size(); i++) {
      if (words.get(i).equals(">") || words.get(i).equals("<")) {
        while (i + 1 < words.size()
            && (words.get(i + 1).equals(">") || words.get(i + 1).equals("<"))) {
          i++;
        }
        i++;
      } else {
        kept.add(words.get(i));
      }
    }
    return List.copyOf(kept);
  }

  /// The arguments of our own command, if a command is ours.
  static java.util.Optional<List<String>> ours(List<String> command) {
    if (command.isEmpty()) {
      return java.util.Optional.empty();
    }
    if (command.getFirst().equals("canary") || command.getFirst().equals("./canary")) {
      return java.util.Optional.of(command.subList(1, command.size()));
    }
    return command.size() > 1
            && command.getFirst().equals("kubectl")
            && command.get(1).equals("canary")
        ? java.util.Optional.of(command.subList(2, command.size()))
        : java.util.Optional.empty();
  }
}
