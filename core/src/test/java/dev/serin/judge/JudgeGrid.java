package dev.serin.judge;

import static dev.serin.judge.FigureWords.beside;
import static dev.serin.judge.FigureWords.briefly;
import static dev.serin.judge.FigureWords.circumstances;
import static dev.serin.judge.FigureWords.seconds;
import static dev.serin.judge.FigureWords.share;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/// Plays everything that the page on judgement shows, and writes the figures into it. Ends with 1
/// when the judge does not keep what is promised, or contradicts the independent simulation.
final class JudgeGrid {
  private static final String BEGIN = "<!-- figures: begin, written by make judge-grid -->";
  private static final String END = "<!-- figures: end -->";

  private final Path docs;
  private final double effort;
  private final double care;
  private final long start = System.nanoTime();
  private final StringBuilder page = new StringBuilder();
  private final List<String> misses = new ArrayList<>();

  private JudgeGrid(Path docs, double effort, double care) {
    this.docs = docs;
    this.effort = effort;
    this.care = care;
  }

  /// @param arguments the directory of the pages, by what to multiply the usual number of runs, and
  ///   the same for what is promised
  public static void main(String... arguments) throws IOException {
    var effort = arguments.length > 1 ? Double.parseDouble(arguments[1]) : 1;
    var care = arguments.length > 2 ? Double.parseDouble(arguments[2]) : effort;
    var grid = new JudgeGrid(Path.of(arguments[0]), effort, care);
    grid.write();
    grid.misses.forEach(System.err::println);
    System.exit(grid.misses.isEmpty() ? 0 : 1);
  }

  private void write() throws IOException {
    Files.createDirectories(docs.resolve("judgement"));
    promised();
    tables();
    shipped();
    grid();
    var path = docs.resolve("judgement.md");
    var text = Files.readString(path);
    var from = text.indexOf(BEGIN);
    var to = text.indexOf(END);
    if (from < 0 || to < from) {
      throw new IOException(path + " has no place between '" + BEGIN + "' and '" + END + "'");
    }
    Files.writeString(path, text.substring(0, from) + BEGIN + "\n\n" + page + text.substring(to));
    said("written to " + path);
  }

  /// @param tables of the reference that it reproduces
  private record Part(String tables, String about, int runs, List<Cell> cells) {}

  private void tables() throws IOException {
    var parts = new ArrayList<Part>();
    parts.add(part("T1", "a good canary, on a ramp", 20_000, FalseAlarmTables::t1));
    parts.add(part("T1b", "a good canary, two hours", 4000, FalseAlarmTables::t1b));
    parts.add(part("T1c", "exactly at the limit", 4000, FalseAlarmTables::t1c));
    parts.add(part("T2", "an incident of both", 10_000, FalseAlarmTables::t2));
    parts.add(part("T2b", "an incident before", 10_000, FalseAlarmTables::t2b));
    parts.add(part("T3", "how soon", 1000, DelayTables::t3));
    parts.add(part("T3b", "what not knowing the size costs", 2000, DelayTables::t3b));
    parts.add(part("T4", "whole rollouts", 3000, ControllerTables::t4));
    parts.add(part("T4b", "thresholds made for the service", 20_000, ControllerTables::t4b));
    parts.add(part("T4c", "no traffic", 20_000, ControllerTables::t4c));
    parts.add(part("T5", "worse from the seventh minute on", 2000, DelayTables::t5));
    parts.add(part("T6", "bursts, their size known or not", 5000, BurstTables::t6));
    parts.add(part("T6b", "bursts, measured", 4000, BurstTables::t6b));
    parts.add(part("T6c", "bursts, without a cap", 5000, BurstTables::t6c));
    parts.add(part("T7", "pods that differ", 4000, BurstTables::t7));
    parts.add(part("T8", "latency", 1000, LatencyTables::t8));
    parts.add(
        part(
            "T9",
            "gauges",
            3000,
            runs ->
                Stream.of(
                        GaugeTables.t9a(runs),
                        GaugeTables.t9b(runs),
                        GaugeTables.t9c(runs),
                        GaugeTables.t9d(runs))
                    .flatMap(cells -> cells)));
    agreement(parts);
    goodCanaries(parts.get(0).cells);
    worseCanaries(parts.get(5).cells);
    wholeRollouts(parts.get(7).cells);
  }

  private interface Played {
    Stream<Cell> of(int runs);
  }

  private Part part(String tables, String about, int runs, Played played) {
    var often = scaled(runs);
    var cells = played.of(often).parallel().toList();
    said(tables + " played");
    return new Part(tables, about, often, cells);
  }

  private void agreement(List<Part> parts) {
    var reference = Reference.load();
    heading("Against an independent simulation");
    page.append(
        """
        The same rules, written a second time in Python with other random numbers, gave the figures of
        `core/src/test/resources/judge/reference.tsv`. A figure agrees when both can have come from one truth, at
        99.99 % for each of them.

        | Table | | Runs of a cell here | Figures compared | Agree |
        |---|---|---|---|---|
        """);
    var contradictions = new ArrayList<String>();
    for (var part : parts) {
      var compared = part.cells.stream().mapToLong(reference::compared).sum();
      var against =
          part.cells.stream().flatMap(cell -> reference.contradictions(cell).stream()).toList();
      contradictions.addAll(against);
      row(
          part.tables,
          part.about,
          Words.count(part.runs),
          Words.count(compared),
          Words.count(compared - against.size()));
    }
    page.append('\n');
    contradictions.forEach(line -> page.append("- ").append(line).append('\n'));
    page.append(contradictions.isEmpty() ? "" : "\n");
    misses.addAll(contradictions);
    page.append(
        "Every figure with its interval (99 %), and after the stroke what the other simulation"
            + " found:\n\n");
    parts.forEach(part -> everyCell(part, reference));
  }

  private void everyCell(Part part, Reference reference) {
    page.append("<details><summary>")
        .append(part.tables)
        .append(": ")
        .append(part.about)
        .append("</summary>\n\n");
    for (var table : part.cells.stream().map(Cell::table).distinct().toList()) {
      var cells = part.cells.stream().filter(cell -> cell.table().equals(table)).toList();
      var figures = List.copyOf(cells.getFirst().figures().keySet());
      page.append("| ").append(table).append(" | ").append(String.join(" | ", figures));
      page.append(" |\n|---|").append("---|".repeat(figures.size())).append('\n');
      for (var cell : cells) {
        var columns = new ArrayList<String>();
        columns.add(circumstances(cell));
        figures.forEach(figure -> columns.add(beside(cell, figure, reference)));
        row(columns.toArray(String[]::new));
      }
      page.append('\n');
    }
    page.append("</details>\n\n");
  }

  private void promised() {
    heading("What is promised");
    page.append(
        """
        A promise is kept where the figure and all that it could be by chance keep it; in brackets at least 98 %%
        confidence. Where it is made for several services, the one that comes nearest to breaking it is shown. Bad
        requests come one by one and the judge knows it, unless said otherwise.%s

        | The promise | Promised | Found, at worst | Kept |
        |---|---|---|---|
        """
            .formatted(
                care == 1
                    ? ""
                    : " These figures are of %s times the usual number of runs, those below of %s times."
                        .formatted(Words.number(care), Words.number(effort))));
    var all = new LinkedHashMap<String, List<Promise>>();
    Promise.all(care)
        .forEach(
            promise ->
                all.computeIfAbsent(
                        promise.target() + "|" + promise.promised(), _ -> new ArrayList<>())
                    .add(promise));
    for (var promises : all.values()) {
      var worst = promises.stream().max(Comparator.comparingDouble(Promise::strain)).orElseThrow();
      var kept = promises.stream().filter(Promise::isKept).count();
      row(
          worst.target(),
          worst.promised(),
          worst.found() + ": " + circumstances(worst.where()),
          kept == promises.size()
              ? "yes" + (kept > 1 ? ", in all " + kept + " cases" : "")
              : "**no**, in %d of %d cases".formatted(promises.size() - kept, promises.size()));
      promises.stream()
          .filter(promise -> !promise.isKept())
          .map(Promise::toString)
          .forEach(misses::add);
    }
    page.append("\n<details><summary>All cases</summary>\n\n");
    page.append("| The promise | Where | Promised | Found | Kept |\n|---|---|---|---|---|\n");
    all.values().stream()
        .flatMap(List::stream)
        .forEach(
            promise ->
                row(
                    promise.target(),
                    circumstances(promise.where()),
                    promise.promised(),
                    promise.found(),
                    promise.isKept() ? "yes" : "**no**"));
    page.append("\n</details>\n\n");
    said("what is promised played");
  }

  private void goodCanaries(List<Cell> cells) {
    heading("A canary that is as good as stable");
    page.append(
        """
        Ten steps of a minute, 5 to 50 %. Flagger's rule: success of the last minute at least 99 %, five failed
        checks. In brackets 99 % confidence.

        | | Flagger rolls back | Serin rolls back | Serin passes | after (median) |
        |---|---|---|---|---|
        """);
    for (var cell : cells) {
      row(
          circumstances(cell),
          share(cell.share("flagger")),
          share(cell.share("fail")),
          share(cell.share("pass")),
          seconds(cell.seconds("pass-median").median()));
    }
    page.append('\n');
  }

  private void worseCanaries(List<Cell> cells) throws IOException {
    heading("How soon a worse canary is found out");
    page.append(
        """
        At 10 % weight, evidence every 10 s, looked at for an hour. Flagger's rule as above; where it rolls back
        bad canaries it rolls back good ones too, see the table before.

        | | Flagger rolls back | after (median) | Serin rolls back | after (median) |
        |---|---|---|---|---|
        """);
    var curves = new LinkedHashMap<String, List<Double>>();
    for (var cell : cells) {
      if (!cell.key().endsWith("weight=10")) {
        continue;
      }
      row(
          circumstances(cell).replace(", weight 10", ""),
          share(cell.share("flagger")),
          seconds(cell.seconds("flagger-median").median()),
          share(cell.share("detected")),
          seconds(cell.seconds("median").median()));
      curve(curves, cell, "base=0.001 canary=0.011", "0.1 → 1.1 %");
      curve(curves, cell, "base=0.001 canary=0.051", "0.1 → 5.1 %");
    }
    page.append('\n');
    plot(
        "delay",
        "Half of the worse canaries are rolled back after so many seconds; by Flagger's rule where"
            + " it rolls back at all",
        Plots.overTraffic(
            "Median time until a worse canary is rolled back", List.of(1, 10, 100, 1000), curves));
  }

  private static void curve(Map<String, List<Double>> curves, Cell cell, String key, String name) {
    if (cell.key().startsWith(key + " ")) {
      var flagger = cell.share("flagger").value() < 0.5;
      curves
          .computeIfAbsent(name + ", Serin", _ -> new ArrayList<>())
          .add(cell.seconds("median").median());
      curves
          .computeIfAbsent(name + ", Flagger", _ -> new ArrayList<>())
          .add(flagger ? Double.POSITIVE_INFINITY : cell.seconds("flagger-median").median());
    }
  }

  private void wholeRollouts(List<Cell> cells) {
    heading("Whole rollouts");
    page.append(
        """
        5 to 50 % in steps of a minute, held while the canary is surely worse than stable, promoted once it
        passed, given up after 30 minutes.

        | | Flagger rolls back | after (median) | Serin rolls back | after (median) | promotes | undecided |
        |---|---|---|---|---|---|---|
        """);
    for (var cell : cells) {
      row(
          circumstances(cell),
          share(cell.share("flagger")),
          seconds(cell.seconds("flagger-median").median()),
          share(cell.share("fail")),
          seconds(cell.seconds("fail-median").median()),
          share(cell.share("pass")),
          share(cell.share("inconclusive")));
    }
    page.append('\n');
  }

  private void shipped() {
    heading("Evidence every two seconds");
    page.append(
        """
        The judge as it is shipped, at 100 requests/s, 10 % weight, 0.1 % bad requests of stable that come one by
        one. The promise is about the middle column: a plan of one step, and a judge who measures on stable's
        pods, in ten minutes with about 60 bad requests, how they come together. On the left one who knows that
        they come one by one. On the right a plan of ten steps: half of the evidence is kept for what begins
        later, which makes the first minute slower; nothing is promised of it.

        | The canary | Promised | Known | Measured | Measured, ten steps |
        |---|---|---|---|---|
        """);
    delay("0.1 → 0.5 % bad", "", 0.005, scaled(1000));
    delay("0.1 → 1.1 % bad", "75 s", 0.011, scaled(20_000));
    delay("0.1 → 5.1 % bad", "15 s", 0.051, scaled(20_000));
    delay("every other request fails", "", 0.5, scaled(4000));
    delay("every request fails", "10 s", 1.0, scaled(4000));
    page.append(
        """

        A burst of the canary alone, at the same traffic, beside bad requests of both by chance; then the same runs
        without the burst, and the burst beside a canary that has no other bad request. The judge knows that bad
        requests come one by one.

        | A burst of the canary alone | Evidence every | Rolled back | Without the burst | Nothing but the burst | By a cap alone |
        |---|---|---|---|---|---|
        """);
    for (var cell : ShippedRule.bursts(scaled(10_000)).toList()) {
      var about = cell.key().replace("tick=", "").replace("length=", "").replace("share=", "");
      var parts = about.split(" ", -1);
      row(
          Words.percent(Double.parseDouble(parts[2])) + " for " + parts[1] + " s",
          parts[0] + " s",
          share(cell.share("condemned")),
          share(cell.share("without")),
          cell.share("alone").hits() + " of " + Words.count(cell.share("alone").runs()),
          share(cell.share("cap alone")));
    }
    page.append('\n');
    said("evidence every two seconds played");
  }

  private int scaled(int runs) {
    return Math.max(50, (int) (runs * effort));
  }

  private void delay(String canary, String promised, double bad, int often) {
    var cell = ShippedRule.delay(2, 0.001, bad, often, "independent", "measured", "stepped");
    row(
        canary,
        promised,
        seconds(cell, "independent"),
        seconds(cell, "measured"),
        seconds(cell, "stepped"));
  }

  private void grid() throws IOException {
    var often = scaled(400);
    var cells = new LinkedHashMap<Grid.Place, Cell>();
    var places = Grid.places().toList();
    var all = places.parallelStream().map(place -> Grid.cell(place, often)).toList();
    for (var i = 0; i < places.size(); i++) {
      cells.put(places.get(i), all.get(i));
    }
    said("the grid played");
    heading("The whole grid");
    page.append(
        """
        One step held for ten minutes, evidence every 10 s, %s rollouts of each kind in each of %d cells. A cell
        shows how many good canaries passed and after how long (median), then the same for canaries with five
        points more bad requests that were rolled back. **×** marks cells that do not keep the promise, **U**
        and **B** that the judge says `Underpowered` or `Bursty` before the start, in most of the rollouts.

        """
            .formatted(Words.count(often), cells.size()));
    for (var together : Grid.TOGETHER) {
      page.append("Bad requests come ").append(together).append(" at a time:\n\n| |");
      Grid.WEIGHTS.forEach(weight -> page.append(" ").append(weight).append(" % |"));
      page.append("\n|---|").append("---|".repeat(Grid.WEIGHTS.size())).append('\n');
      for (var rps : Grid.TRAFFIC) {
        for (var base : Grid.BASES) {
          page.append("| %,d/s, %s |".formatted(rps, Words.percent(base)));
          for (var weight : Grid.WEIGHTS) {
            var cell =
                Objects.requireNonNull(cells.get(new Grid.Place(rps, weight, base, together)));
            page.append(' ').append(inGrid(cell)).append(" |");
          }
          page.append('\n');
        }
      }
      page.append('\n');
    }
    plot(
        "passes",
        "Share of good canaries that pass within ten minutes; × where a promise is not kept",
        Plots.grid("Good canaries that pass", cells, cell -> cell.share("passed").value()));
    plot(
        "caught",
        "Share of canaries with five points more that are rolled back within ten minutes",
        Plots.grid("Five points worse, rolled back", cells, cell -> cell.share("caught").value()));
    promises(cells);
  }

  private static String inGrid(Cell cell) {
    return (Grid.broken(cell).isEmpty() ? "" : "**×** ")
        + briefly(cell.share("passed"), cell.seconds("passed-median"))
        + ", "
        + briefly(cell.share("caught"), cell.seconds("caught-median"))
        + (cell.share("underpowered").value() > 0.5 ? " **U**" : "")
        + (cell.share("bursty").value() > 0.5 ? " **B**" : "");
  }

  private void promises(Map<Grid.Place, Cell> cells) {
    heading("Where the promise does not hold");
    var places = List.copyOf(cells.keySet());
    var played = List.copyOf(cells.values());
    var counts = new LinkedHashMap<String, Integer>();
    for (var cell : played) {
      Grid.broken(cell).forEach(broken -> counts.merge(broken.promise(), 1, Integer::sum));
    }
    var keeping = played.stream().filter(cell -> Grid.broken(cell).isEmpty()).count();
    page.append(
        "%d of %d cells keep all three promises. Beyond chance (99 %%):\n\n"
            .formatted(keeping, played.size()));
    counts.forEach(
        (promise, count) ->
            page.append("- ").append(promise).append(": in ").append(count).append(" cells\n"));
    cells.forEach(
        (place, cell) -> {
          if (cell.share("condemned").low(Figure.SHOWN) > Grid.FALSE_ALARMS) {
            page.append(
                "  - condemned too often: %s: %s, told before as `%s`\n"
                    .formatted(
                        place.words(),
                        share(cell.share("condemned")),
                        cell.share("bursty").value() > 0.5 ? "Bursty" : "Underpowered"));
          }
        });
    var worst =
        played.stream()
            .map(cell -> cell.share("condemned"))
            .max((a, b) -> Double.compare(a.value(), b.value()))
            .orElseThrow();
    page.append("\nThe most good canaries that any cell condemned: %s. ".formatted(share(worst)));
    var unreported = Grid.unreported(places, played);
    page.append(
        unreported.isEmpty()
            ? "Before every cell that breaks a promise the judge says so: none is silent.\n\n"
            : "Broken without a word before (in more than a tenth of the rollouts):\n\n");
    unreported.forEach(line -> page.append("- ").append(line).append('\n'));
  }

  private void plot(String name, String words, Svg svg) throws IOException {
    Files.writeString(docs.resolve("judgement").resolve(name + ".svg"), svg.toString());
    page.append("![%s](judgement/%s.svg)\n\n".formatted(words, name));
  }

  private void heading(String words) {
    page.append("### ").append(words).append("\n\n");
  }

  private void row(String... columns) {
    page.append("| ").append(String.join(" | ", columns)).append(" |\n");
  }

  private void said(String what) {
    var took = Duration.ofNanos(System.nanoTime() - start).toSeconds();
    System.err.println(took + " s: " + what);
  }
}
