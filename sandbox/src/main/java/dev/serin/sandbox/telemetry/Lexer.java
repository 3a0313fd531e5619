package dev.serin.sandbox.telemetry;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// Cuts a query into words.
final class Lexer {

  enum Type {
    NAME,
    NUMBER,
    DURATION,
    TEXT,
    SYMBOL,
    END
  }

  /// @param at where it begins, from 0
  record Token(Type type, String text, int at) {

    boolean is(String symbol) {
      return type == Type.SYMBOL && text.equals(symbol);
    }

    boolean isWord(String word) {
      return type == Type.NAME && text.equalsIgnoreCase(word);
    }
  }

  private static final Pattern SPACE = Pattern.compile("(\\s|#[^\\n]*)+");
  private static final Pattern DURATION = Pattern.compile("([0-9]+(ms|[smhdwy]))+(?![A-Za-z0-9_])");
  private static final Pattern NUMBER =
      Pattern.compile(
          "0[xX][0-9a-fA-F]+|([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?(?![A-Za-z0-9_])");
  private static final Pattern NAME = Pattern.compile("[A-Za-z_:][A-Za-z0-9_:]*");
  private static final Pattern SYMBOL =
      Pattern.compile("=~|!~|!=|==|<=|>=|[=<>+\\-*/%^(){}\\[\\],:@]");

  private Lexer() {}

  /// @throws QueryException when it does not read
  static List<Token> tokens(String query) {
    var tokens = new ArrayList<Token>();
    int at = 0;
    while (at < query.length()) {
      char c = query.charAt(at);
      if (c == '"' || c == '\'' || c == '`') {
        int end = textEnd(query, at);
        tokens.add(new Token(Type.TEXT, unquoted(query.substring(at, end)), at));
        at = end;
        continue;
      }
      var space = SPACE.matcher(query).region(at, query.length());
      if (space.lookingAt()) {
        at = space.end();
        continue;
      }
      var token = token(query, at);
      tokens.add(token);
      at += token.text().length();
    }
    tokens.add(new Token(Type.END, "end of input", at));
    return tokens;
  }

  private static Token token(String query, int at) {
    record Kind(Type type, Pattern pattern) {}
    for (Kind kind :
        List.of(
            new Kind(Type.DURATION, DURATION),
            new Kind(Type.NUMBER, NUMBER),
            new Kind(Type.NAME, NAME),
            new Kind(Type.SYMBOL, SYMBOL))) {
      var matcher = kind.pattern().matcher(query).region(at, query.length());
      if (matcher.lookingAt()) {
        return new Token(kind.type(), matcher.group(), at);
      }
    }
    throw new QueryException(
        "%d: parse error: unexpected character: '%s'".formatted(at + 1, query.charAt(at)));
  }

  private static int textEnd(String query, int at) {
    char quote = query.charAt(at);
    for (int i = at + 1; i < query.length(); i++) {
      if (query.charAt(i) == '\\' && quote != '`') {
        i++;
      } else if (query.charAt(i) == quote) {
        return i + 1;
      }
    }
    throw new QueryException("%d: parse error: unterminated quoted string".formatted(at + 1));
  }

  private static String unquoted(String quoted) {
    var inner = quoted.substring(1, quoted.length() - 1);
    if (quoted.charAt(0) == '`') {
      return inner;
    }
    var text = new StringBuilder();
    for (int i = 0; i < inner.length(); i++) {
      char c = inner.charAt(i);
      if (c != '\\') {
        text.append(c);
        continue;
      }
      char escaped = inner.charAt(++i);
      switch (escaped) {
        case 'n' -> text.append('\n');
        case 't' -> text.append('\t');
        case 'r' -> text.append('\r');
        case '\\', '"', '\'' -> text.append(escaped);
        default ->
            throw new QueryException(
                "parse error: unknown escape sequence '\\%s'".formatted(escaped));
      }
    }
    return text.toString();
  }
}
