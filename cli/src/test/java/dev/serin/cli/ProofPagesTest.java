package dev.serin.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// The pages that name tests as proof: every row has one, and every test that they name is there
/// and runs.
class ProofPagesTest {
  private static final Path ROOT = root();
  private static final Path FAULTS = ROOT.resolve("docs/flagger-faults.md");
  private static final Path GUARANTEES = ROOT.resolve("docs/guarantees.md");
  private static final int NUMBER_OF_FAULTS = 43;

  /// A test by its class and method, or a class all of whose tests are meant.
  private static final Pattern TEST = Pattern.compile("\\[`(\\w+)(?:#(\\w+))?`]\\(([^)#]+)\\)");

  /// A test that is named without a link.
  private static final Pattern UNLINKED =
      Pattern.compile("(?<!\\[)`\\w+(?:Test|IT|Contract|Conformance)(?:#\\w+)?`");

  private static final String TEST_ANNOTATION =
      "@(?:Test|ParameterizedTest|TestFactory|RepeatedTest|Property|Example)\\b";

  private static Path root() {
    var here = Path.of("").toAbsolutePath();
    return Files.exists(here.resolve("README.md")) ? here : here.resolve("..").normalize();
  }

  private record Named(Path page, String type, String method, Path file) {
    @Override
    public String toString() {
      return page.getFileName() + ": " + type + (method.isEmpty() ? "" : "#" + method);
    }
  }

  private static List<Named> named(Path page) throws IOException {
    var found = new ArrayList<Named>();
    var matcher = TEST.matcher(Files.readString(page));
    while (matcher.find()) {
      var method = matcher.group(2) == null ? "" : matcher.group(2);
      var file = page.resolveSibling(matcher.group(3)).normalize();
      found.add(new Named(page, matcher.group(1), method, file));
    }
    return found;
  }

  private static List<String> rows(Path page) throws IOException {
    return Files.readString(page)
        .lines()
        .filter(line -> line.startsWith("| ") && !line.startsWith("|--"))
        .toList();
  }

  @Test
  void everyFaultIsThereOnceInOrder() throws IOException {
    var numbers =
        rows(FAULTS).stream()
            .map(row -> row.split("\\|")[1].strip())
            .filter(cell -> cell.startsWith("W-"))
            .toList();

    assertThat(numbers)
        .containsExactlyElementsOf(
            IntStream.rangeClosed(1, NUMBER_OF_FAULTS).mapToObj(n -> "W-" + n).toList());
  }

  @TestFactory
  Stream<DynamicTest> everyRowNamesATest() throws IOException {
    return Stream.concat(
            rows(FAULTS).stream().filter(row -> row.startsWith("| W-")),
            rows(GUARANTEES).stream().filter(row -> !row.matches("\\| (Never …|Figure) \\|.*")))
        .map(
            row ->
                DynamicTest.dynamicTest(
                    row.substring(0, Math.min(60, row.length())),
                    () -> assertThat(TEST.matcher(row).find()).as(row).isTrue()));
  }

  @Test
  void noTestIsNamedWithoutALink() throws IOException {
    for (var page : List.of(FAULTS, GUARANTEES)) {
      for (var row : rows(page)) {
        assertThat(UNLINKED.matcher(row).find()).as(row).isFalse();
      }
    }
  }

  @TestFactory
  Stream<DynamicTest> everyTestThatIsNamedRuns() throws IOException {
    return Stream.concat(named(FAULTS).stream(), named(GUARANTEES).stream())
        .distinct()
        .map(test -> DynamicTest.dynamicTest(test.toString(), () -> assertRuns(test)));
  }

  private static void assertRuns(Named test) throws IOException {
    assertThat(test.file()).exists();
    assertThat(test.file().getFileName()).hasToString(test.type() + ".java");
    assertThat(test.file().toString()).contains("/src/test/java/");
    var source = Files.readString(test.file());
    assertThat(source).as("%s", test.file()).doesNotContain("@Disabled");
    if (test.method().isEmpty()) {
      assertThat(
              Pattern.compile(TEST_ANNOTATION + "|@Nested\\b|extends \\w+Contract\\b")
                  .matcher(source)
                  .find())
          .as("%s has tests", test.type())
          .isTrue();
    } else {
      assertThat(isTest(source, test.method())).as("%s is a test", test).isTrue();
    }
    if (source.contains("abstract class " + test.type())) {
      assertThat(extended(test)).as("something extends %s", test.type()).isTrue();
    }
  }

  /// Whether a method has an annotation of a test directly above it, among others.
  private static boolean isTest(String source, String method) {
    return Pattern.compile(
            TEST_ANNOTATION
                + "[^;{}]*(?:\\{[^;{}]*}[^;{}]*)*\\b(?:void|Stream<DynamicTest>) "
                + Pattern.quote(method)
                + "\\(")
        .matcher(source)
        .find();
  }

  /// A contract proves nothing by itself.
  private static boolean extended(Named test) throws IOException {
    try (var files = Files.list(test.file().getParent())) {
      for (var file : files.filter(path -> path.toString().endsWith("Test.java")).toList()) {
        if (Files.readString(file).contains("extends " + test.type())) {
          return true;
        }
      }
    }
    return false;
  }

  @Test
  void annotationAboveAnotherMethodIsNotTaken() {
    var source =
        """
        @Test
        void one() {
          helper();
        }

        void helper() {
          two();
        }

        @ParameterizedTest
        @CsvSource({"a,b", "c,d"})
        void two(String text) {}

        @TestFactory
        Stream<DynamicTest> three() { return Stream.of(); }
        """;
    assertThat(isTest(source, "one")).isTrue();
    assertThat(isTest(source, "helper")).isFalse();
    assertThat(isTest(source, "two")).isTrue();
    assertThat(isTest(source, "three")).isTrue();
    assertThat(isTest(source, "four")).isFalse();
  }
}
