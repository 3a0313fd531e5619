package dev.serin.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serin.metrics.QueryTemplate.Rendered;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QueryTemplateTest {
  private static final Map<String, String> SHOP =
      Map.of(
          "target", "shop_canary",
          "interval", "60s",
          "variables.team", "a\"b\\c\nd",
          "variables.limit", "0.5",
          "variables.many", "pod, instance",
          "variables.evil", "x} or y{");

  private static String rendered(String template) {
    return switch (new QueryTemplate(template).renderPromQl(SHOP)) {
      case Rendered.Query(var text) -> text;
      case Rendered.Unfit(var problems) -> "unfit: " + problems;
    };
  }

  @Test
  void variablesAreFilledInHoweverTheyAreSpaced() {
    assertThat(rendered("rate({{ target }}[{{interval}}]) {{- interval -}}"))
        .isEqualTo("rate(shop_canary[60s]) 60s");
  }

  @Test
  void aValueCannotEndTheStringItStandsIn() {
    assertThat(rendered("up{team=\"{{ variables.team }}\"}"))
        .isEqualTo("up{team=\"a\\\"b\\\\c\\nd\"}");
    assertThat(rendered("up{team='{{ variables.team }}'}")).isEqualTo("up{team='a\"b\\\\c\\nd'}");
  }

  @Test
  void quotesInCommentsAndEscapedOnesOpenNothing() {
    assertThat(rendered("# don't\nup{a=\"\\\"{{ variables.evil }}\"}"))
        .isEqualTo("# don't\nup{a=\"\\\"x} or y{\"}");
  }

  @Test
  void outsideOfQuotesOnlyWordsMayStand() {
    assertThat(rendered("sum by ({{ variables.many }}) (up) > {{ variables.limit }}"))
        .isEqualTo("sum by (pod, instance) (up) > 0.5");
    assertThat(rendered("up{{{ variables.evil }}}"))
        .startsWith("unfit")
        .contains("{{ variables.evil }} is 'x} or y{'", "put it into quotes");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "up or secret",
        "0 or secret",
        "1-secret",
        "a - b",
        "a+b",
        "x) or (secret",
        "x[5m:1s]",
        "x{a=\"b\"}",
        "a # b",
        "a\nb",
        "a > 1",
        "a,(b)",
        "+",
        "a,",
        "`x`",
        "\"x\""
      })
  void noValueIsMoreThanWordsOutsideOfQuotes(String hostile) {
    var template = new QueryTemplate("max(x > {{ variables.limit }})");

    assertThat(template.renderPromQl(Map.of("variables.limit", hostile)))
        .isInstanceOf(Rendered.Unfit.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.5", "-1", "+1e-3", "60s", "pod", "pod, instance", "job:rate5m", ""})
  void wordsAndNumbersStandOutsideOfQuotes(String harmless) {
    var template = new QueryTemplate("x({{ variables.limit }})");

    assertThat(template.renderPromQl(Map.of("variables.limit", harmless)))
        .isEqualTo(new Rendered.Query("x(" + harmless + ")"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"\"", "'", "\\", "\\\"", "\"} or secret{a=\"", "'} or secret{a='", "\n", "\r"})
  void aQuotedValueEndsUpWhereItStands(String hostile) {
    for (var quote : new char[] {'"', '\''}) {
      var template = new QueryTemplate("up{team=" + quote + "{{ x }}" + quote + "} > 1");

      var query = ((Rendered.Query) template.renderPromQl(Map.of("x", hostile))).text();

      assertThat(stringAt(query, "up{team=".length())).isEqualTo(hostile);
      assertThat(query).startsWith("up{team=" + quote).endsWith(quote + "} > 1");
    }
  }

  /// The string that PromQL reads at a place, which has to be followed by `} > 1` and nothing else.
  private static String stringAt(String query, int start) {
    var text = new StringBuilder();
    int at = start + 1;
    for (; query.charAt(at) != query.charAt(start); at++) {
      char c = query.charAt(at);
      assertThat(c).isNotEqualTo('\n');
      if (c == '\\') {
        c = query.charAt(++at);
        c = c == 'n' ? '\n' : c == 'r' ? '\r' : c;
      }
      text.append(c);
    }
    assertThat(query.substring(at + 1)).isEqualTo("} > 1");
    return text.toString();
  }

  @Test
  void aBackslashBeforeAVariableIsAProblem() {
    assertThat(new QueryTemplate("up{a=\"\\{{ x }}\"}").renderPromQl(Map.of("x", "\" or up")))
        .isInstanceOf(Rendered.Unfit.class);
  }

  @Test
  void backticksHoldEverythingButBackticks() {
    var template = new QueryTemplate("up{a=`{{ x }}`}");

    assertThat(template.renderPromQl(Map.of("x", "a\"\\b")))
        .isEqualTo(new Rendered.Query("up{a=`a\"\\b`}"));
    assertThat(template.renderPromQl(Map.of("x", "`} or up{a=`")))
        .isInstanceOf(Rendered.Unfit.class);
  }

  @Test
  void aValueIsNoTemplate() {
    assertThat(
            new QueryTemplate("up{a=\"{{ x }}\"}").renderPromQl(Map.of("x", "{{ y }}", "y", "z")))
        .isEqualTo(new Rendered.Query("up{a=\"{{ y }}\"}"));
  }

  @Test
  void anUnknownVariableIsAnsweredWithTheKnownOnes() {
    assertThat(rendered("up{a=\"{{ variables.tema }}\", b=\"{{ tarket }}\"}"))
        .contains(
            "{{ variables.tema }}",
            "{{ tarket }}",
            "known are [interval, target, variables.evil, ");
  }

  @Test
  void bracesWithoutAVariableAreAProblem() {
    assertThat(rendered("up{a=\"{{ printf 1 }}\"}")).contains("write {{ name }}");
  }

  @Test
  void otherLanguagesGetValuesAsTheyAre() {
    assertThat(new QueryTemplate("avg:up{{{ variables.evil }}}").render(SHOP))
        .isEqualTo(new Rendered.Query("avg:up{x} or y{}"));
  }
}
